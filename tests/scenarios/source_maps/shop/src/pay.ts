export class PaymentDeclined extends Error {}

export function chargeTheCard(amount: number): never {
  throw new PaymentDeclined(`declined ${amount}`);
}
