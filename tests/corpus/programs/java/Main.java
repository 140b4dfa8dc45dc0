package com.acme.shop;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A shop that fails in known ways: `Main BUG NUMBER` prints the error as a reporter would send it. */
public class Main {
    static final String[] WORDS = {"mug", "lamp", "chair", "desk", "rug", "vase", "clock", "stool"};

    public static void main(String[] arguments) throws Exception {
        int n = Integer.parseInt(arguments[1]);
        // @2 Runnable ready = () -> System.setProperty("ready", "yes");
        // @2 ready.run();
        try {
            run(arguments[0], n, WORDS[n % WORDS.length]);
        } catch (Throwable error) {
            StringWriter text = new StringWriter();
            error.printStackTrace(new PrintWriter(text));
            String message = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
            System.out.print(error.getClass().getName() + "\u001e" + message + "\u001e" + text);
        }
    }

    static void run(String bug, int n, String word) throws Exception {
        Orders orders = new Orders();
        switch (bug) {
            case "cart-without-lines": orders.total(new Orders.Order(n, null, "SPRING")); break;
            case "coupon-unknown": orders.checkout(new Orders.Order(n, List.of(), word)); break;
            case "share-of-nothing": orders.share(new Orders.Order(n, List.of(), "SPRING")); break;
            case "price-is-no-number": Catalogue.load(List.of(word + ";" + n + "x;5")); break;
            case "count-is-no-number": Catalogue.load(List.of(word + ";5;" + n + "pieces")); break;
            case "category-cycle": Catalogue.path(Map.of("a", "b", "b", "c", "c", "a"), "" + "abc".charAt(n % 3)); break;
            case "sorting-nulls": Catalogue.sorted(new String[] {word, null, "x"}); break;
            case "stock-negative": inPool(() -> { Stock.take(word, n); return 0; }); break;
            case "stock-locked": inPool(() -> { Stock.lock(word); return 0; }); break;
            case "gateway-times-out": new Payment().charge(n, 100 + n); break;
            case "card-unreadable": new Payment().readCard(word.getBytes(), n); break;
            case "proxy-declines": Payment.guarded().refund(n); break;
            case "reflection-declines": Payment.reflected("cancel", n); break;
            case "async-mail": CompletableFuture.supplyAsync(() -> Jobs.mail(n)).thenApply(String::trim).join(); break;
            case "async-invoice": CompletableFuture.supplyAsync(() -> Jobs.invoice(word)).join(); break;
            case "anonymous-job": Jobs.nightly(n).run(); break;
            case "enum-unknown": Jobs.level(word.toUpperCase()); break;
            case "job-lost": Jobs.find(n); break;
            case "address-lost": Jobs.address(n); break;
            case "cast-of-setting": Jobs.setting(n % 2 == 0 ? Integer.valueOf(n) : Double.valueOf(n)); break;
            // one bug from two places
            case "tax-by-cart-page": orders.cartPage("XX"); break;
            case "tax-by-invoice-page": orders.invoicePage("YY"); break;
            default: throw new IllegalStateException(bug);
        }
    }

    interface Call { Object call() throws Exception; }

    static void inPool(Call call) throws Exception {
        var pool = Executors.newFixedThreadPool(2);
        try {
            pool.submit(call::call).get();
        } finally {
            pool.shutdown();
        }
    }
}
