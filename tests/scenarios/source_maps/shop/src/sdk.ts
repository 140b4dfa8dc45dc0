import * as Sentry from "@sentry/node";
import { chargeTheCard } from "./pay";

Sentry.init({ dsn: process.env.DSN, release: process.env.RELEASE, dist: process.env.DIST });

function checkOutBySdk() {
  chargeTheCard(1999);
}

try {
  checkOutBySdk();
} catch (error) {
  Sentry.captureException(error);
}
await Sentry.flush(10_000);
