package com.acme.shop;

/** What is there. */
class Stock {
    static void take(String name, int count) {
        if (count >= 0) {
            Failures.fail("not enough", name + " x " + count);
        }
    }

    static void lock(String name) {
        Failures.fail("locked by somebody", name);
    }
}
