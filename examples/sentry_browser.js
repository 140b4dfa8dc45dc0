import * as Sentry from "@sentry/browser";

Sentry.init({ dsn: document.querySelector("meta[name=dsn]").content, release: "shop@2.4.1", environment: "staging" });
Sentry.setTag("service", "storefront");

try {
  null.price;
} catch (error) {
  const associatedEventId = Sentry.captureException(error);
  Sentry.captureFeedback({ name: "Ann", email: "ann@example.com", message: "I cannot see the price", associatedEventId });
}
