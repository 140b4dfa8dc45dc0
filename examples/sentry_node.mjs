import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN, release: "shop@2.4.1", environment: "staging" });
Sentry.setTag("service", "storefront");

try {
  null.price;
} catch (error) {
  console.log(Sentry.captureException(error));
}
