package com.acme.shop;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeoutException;

/** Money comes in. */
class Payment {
    interface Ledger {
        void refund(int order);
    }

    static class Books implements Ledger {
        @Override
        public void refund(int order) {
            throw new UnsupportedOperationException("order " + order + " was paid in cash");
        }

        public void cancel(int order) {
            throw new IllegalStateException("order " + order + " is closed");
        }
    }

    class Gateway implements AutoCloseable {
        void post(String path, int limit) throws TimeoutException {
            throw new TimeoutException(path + " gave no answer within " + limit + "ms");
        }

        @Override
        public void close() {
            throw new IllegalStateException("connection is gone");
        }
    }

    void charge(int order, int limit) {
        try (Gateway gateway = new Gateway()) {
            gateway.post("/v1/charges/" + order, limit);
        } catch (TimeoutException error) {
            throw new Failures.ShopException("order " + order + " was not charged", error);
        }
    }

    int readCard(byte[] bytes, int skipped) {
        try (var input = new DataInputStream(new ByteArrayInputStream(bytes))) {
            input.skipBytes(skipped);
            return input.readInt() + input.readInt() + input.readInt();
        } catch (IOException error) {
            throw new UncheckedIOException("card of " + bytes.length + " bytes", error);
        }
    }

    static Ledger guarded() {
        Ledger books = new Books();
        return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class},
            (proxy, method, arguments) -> {
                try {
                    return method.invoke(books, arguments);
                } catch (java.lang.reflect.InvocationTargetException error) {
                    throw error.getCause();
                }
            });
    }

    static void reflected(String name, int order) throws Exception {
        for (int time = 0; time < 1; time++) {
            Books.class.getMethod(name, int.class).invoke(new Books(), order);
        }
    }
}
