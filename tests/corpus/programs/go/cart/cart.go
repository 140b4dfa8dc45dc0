// Package cart has orders and their sums.
package cart

import (
	"fmt"
	"strconv"
	"strings"
)

type Customer struct{ Name string }

type Order struct {
	ID       int
	Coupon   string
	Customer *Customer
	Lines    []int
}

var coupons = map[string]int{"SPRING": 20}
var rates = map[string]*int{}

// @2 func Name(order *Order) string { return fmt.Sprint("order ", order.ID) }
// @2
func Greet(order *Order) string {
	return "Dear " + order.Customer.Name
}

func Checkout(order *Order) int {
	return Total(order) - coupon(order.Coupon)
}

func Total(order *Order) (sum int) {
	for _, price := range order.Lines {
		sum += price
	}
	return sum
}

//go:noinline
func coupon(name string) int {
	share, known := coupons[name]
	if !known {
		Fail("no such coupon", name)
	}
	return share
}

//go:noinline
func Fail(reason string, detail any) {
	panic(fmt.Errorf("%s: %v", reason, detail))
}

func Share(order *Order) int {
	return Total(order) / len(order.Lines)
}

func Line(order *Order, number int) int {
	return order.Lines[number]
}

func Label(name string, length int) string {
	return name[:length]
}

func Load(rows []string) (items [][]int) {
	for _, row := range rows {
		parts := strings.Split(row, ";")
		items = append(items, []int{price(parts[1]), count(parts[2])})
	}
	return items
}

func price(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return value
}

func count(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return value
}

func Path(parents map[string]string, name string, left int) string {
	if left == 0 {
		panic("no end above " + name)
	}
	return Path(parents, parents[name], left-1) + name
}

//go:noinline
func tax(amount int, country string) int {
	return amount * *rates[country] / 100
}

func CartPage(country string) int {
	return tax(100, country)
}

func InvoicePage(country string) int {
	return 250 + tax(250, country)
}
