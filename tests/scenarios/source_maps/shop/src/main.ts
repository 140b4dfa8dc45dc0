import { chargeTheCard } from "./pay";

class Cart {
  checkOut(total: number) {
    return chargeTheCard(total);
  }
}

function handleClick() {
  return [1999].map((total) => new Cart().checkOut(total));
}

async function report(stackTrace: string) {
  const input = { service: "shop", errorType: "PaymentDeclined", message: "declined", release: process.env.RELEASE, stackTrace };
  const query = "mutation($input: LogErrorInput!) { logError(input: $input) { __typename } }";
  const headers = { Authorization: `Bearer ${process.env.KEY}`, "Content-Type": "application/json" };
  await fetch(process.env.URL!, { method: "POST", headers, body: JSON.stringify({ query, variables: { input } }) });
}

try {
  handleClick();
} catch (error) {
  await report((error as Error).stack!);
}
