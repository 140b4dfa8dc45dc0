package com.acme.shop;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is sold. */
class Catalogue {
    record Item(String name, int price, int count) {}

    static List<Item> load(List<String> rows) {
        // @2 rows.forEach(row -> row.length());
        return rows.stream().map(row -> item(row.split(";"))).collect(Collectors.toList());
    }

    private static Item item(String[] parts) {
        return new Item(parts[0], price(parts[1]), count(parts[2]));
    }

    private static int price(String text) {
        return Integer.parseInt(text);
    }

    private static int count(String text) {
        return Integer.parseInt(text);
    }

    static String path(Map<String, String> parents, String name) {
        return path(parents, parents.get(name)) + "/" + name;
    }

    static String[] sorted(String[] names) {
        Arrays.sort(names, (left, right) -> left.compareTo(right));
        return names;
    }
}
