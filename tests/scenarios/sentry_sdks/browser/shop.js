import * as Sentry from "@sentry/browser";

// As Sentry's documentation says; only the DSN is ours.
Sentry.init({
  dsn: document.querySelector("meta[name=dsn]").content,
  release: "shop@2.4.1",
  environment: "staging",
  dataCollection: { userInfo: true },
  integrations: [Sentry.browserTracingIntegration(), Sentry.replayIntegration()],
  tracesSampleRate: 1.0,
  replaysSessionSampleRate: 1.0,
});
Sentry.setUser({ id: "u-7", email: "ann@example.com" });
Sentry.setTag("country", "DE");
Sentry.addBreadcrumb({ category: "cart", message: "put SKU-1 into the cart", level: "info" });
Sentry.setContext("cart", { total: 1999, card_token: "tok_secret" });

class PaymentDeclined extends Error {
  name = "PaymentDeclined";
}

function charge(marker) {
  throw new PaymentDeclined(`${marker} 1999`);
}

async function refund() {
  charge("nobody waited");
}

try {
  charge("caught");
} catch (error) {
  const eventId = Sentry.captureException(error);
  Sentry.captureFeedback({
    name: "Ann",
    email: "ann@example.com",
    message: "I cannot pay",
    url: "https://shop.example.com/pay?token=tok_secret",
    associatedEventId: eventId,
  });
}
document.querySelector("#pay").addEventListener("click", () => charge("clicked"));
document.querySelector("#pay").click();
refund();
