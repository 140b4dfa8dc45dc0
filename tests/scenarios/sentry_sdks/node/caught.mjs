import * as Sentry from "@sentry/node";
import { charge } from "./circumstances.mjs";

try {
  charge("caught");
} catch (error) {
  error.cause = new RangeError("no such card");
  Sentry.captureException(error);
}
Sentry.captureMessage("the cart was emptied", "warning");
