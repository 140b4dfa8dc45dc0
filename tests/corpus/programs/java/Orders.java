package com.acme.shop;

import java.util.List;
import java.util.Map;

/** Orders and their sums. */
class Orders {
    record Line(String name, int price) {}

    record Order(int id, List<Line> lines, String coupon) {}

    static final Map<String, Integer> COUPONS = Map.of("SPRING", 20);
    static final Map<String, Integer> RATES = Map.of("DE", 19);

    // @2 String name(Order order) {
    // @2     return "order " + order.id();
    // @2 }
    int total(Order order) {
        return order.lines().stream().mapToInt(Line::price).sum();
    }

    int checkout(Order order) {
        return total(order) - coupon(order);
    }

    private int coupon(Order order) {
        Integer share = COUPONS.get(order.coupon());
        if (share == null) {
            Failures.fail("no such coupon", order.coupon());
        }
        return share;
    }

    int share(Order order) {
        return total(order) / order.lines().size();
    }

    int tax(int amount, String country) {
        return amount * RATES.get(country) / 100;
    }

    int cartPage(String country) {
        return tax(100, country);
    }

    int invoicePage(String country) {
        int total = 250;
        return total + tax(total, country);
    }
}
