package com.acme.shop;

/** What can be wrong in the shop, thrown in one place. */
class Failures {
    static class ShopException extends RuntimeException {
        ShopException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static class NotFoundException extends RuntimeException {
        NotFoundException(String message) {
            super(message);
        }
    }

    static void fail(String reason, Object detail) {
        throw new ShopException(reason + ": " + detail, null);
    }
}
