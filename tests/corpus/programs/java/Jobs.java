package com.acme.shop;

/** What is done later. */
class Jobs {
    enum Level { LOW, HIGH }

    static String mail(int number) {
        Object[] addresses = {};
        return addresses[number].toString();
    }

    static String invoice(String name) {
        return name.substring(2 * name.length());
    }

    static Runnable nightly(int number) {
        return new Runnable() {
            @Override
            public void run() {
                // @2 new Object() { }.hashCode();
                for (String part : java.util.Collections.<String>emptyIterator().next().split("")) {
                    System.out.println(part + number);
                }
            }
        };
    }

    static Level level(String name) {
        return Level.valueOf(name);
    }

    static void find(int number) {
        throw new Failures.NotFoundException(number + " not found");
    }

    static void address(int number) {
        throw new java.util.NoSuchElementException(number + " not found");
    }

    static String setting(Object value) {
        return (String) value;
    }
}
