// A shop that fails in known ways: `shop BUG NUMBER` prints the error as a reporter would send it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"

	"example.com/acme/shop/cart"
	"example.com/acme/shop/stock"
)

var words = []string{"mug", "lamp", "chair", "desk", "rug", "vase", "clock", "stool"}

func report() {
	if err := recover(); err != nil {
		fmt.Printf("%T\x1e%v\x1epanic: %v\n\n%s", err, err, err, debug.Stack())
	}
}

func run(bug string, n int, word string) {
	// @2 ready := func() bool { return true }
	// @2 ready()
	switch bug {
	case "cart-without-customer":
		cart.Greet(&cart.Order{ID: n})
	case "coupon-unknown":
		cart.Checkout(&cart.Order{ID: n, Coupon: word})
	case "share-of-nothing":
		cart.Share(&cart.Order{ID: n})
	case "line-beyond-the-end":
		cart.Line(&cart.Order{ID: n}, n+1)
	case "label-too-long":
		cart.Label(word, 20+n)
	case "price-is-no-number":
		cart.Load([]string{word + ";" + strconv.Itoa(n) + "x;1"})
	case "count-is-no-number":
		cart.Load([]string{word + ";1;" + strconv.Itoa(n) + "y"})
	case "map-is-nil":
		stock.New().Put(word, n)
	case "type-is-another":
		stock.Count(word)
	case "stock-negative":
		inGoroutine(func() { stock.Take(word, n) })
	case "stock-locked":
		inGoroutine(func() { stock.Lock(word) })
	case "closure-fails":
		stock.Each([]string{word}, func(name string) int { return len(name) / (n - n) })
	case "generic-fails":
		stock.First([]int{}, n)
	case "channel-closed":
		stock.Drain(n)
	case "negative-size":
		stock.Pages(-n - 1)
	case "method-value":
		stock.Later(word)()
	case "panic-in-defer":
		stock.Close(word, n)
	case "category-too-deep":
		cart.Path(map[string]string{"a": "b", "b": "a"}, string("ab"[n%2]), 30+n)
	case "feed-is-no-json":
		must(json.Unmarshal([]byte("<"+word), &words))
	// one bug from two places
	case "tax-by-cart-page":
		cart.CartPage("XX")
	case "tax-by-invoice-page":
		cart.InvoicePage("YY")
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func inGoroutine(call func()) {
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		defer report()
		call()
	}()
	group.Wait()
}

func main() {
	n, _ := strconv.Atoi(os.Args[2])
	defer report()
	run(os.Args[1], n, words[n%len(words)])
}
