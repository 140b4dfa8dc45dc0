import * as Sentry from "@sentry/node";

// As Sentry's documentation says; only the DSN is ours.
Sentry.init({
  dsn: process.env.DSN,
  release: "shop@2.4.1",
  environment: "staging",
  tracesSampleRate: 1.0,
  includeLocalVariables: true,
});

export class PaymentDeclined extends Error {
  name = "PaymentDeclined";
}

export function charge(marker) {
  const amount = 1999;
  Sentry.setUser({ id: "u-7", email: "ann@example.com" });
  Sentry.setTag("country", "DE");
  Sentry.addBreadcrumb({ category: "cart", message: "put SKU-1 into the cart", level: "info" });
  Sentry.setContext("cart", { total: amount, card_token: "tok_secret" });
  throw new PaymentDeclined(`${marker} ${amount}`);
}
