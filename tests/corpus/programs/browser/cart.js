// The shop in a browser: carts.
export class Cart {
  constructor(lines) {
    this.lines = lines;
  }

  total() {
    return this.lines.reduce((sum, line) => sum + line.price.amount, 0);
  }

  show(element) {
    element.parent.append(`${this.total()}`);
  }
}

// @2 export const emptyCart = () => new Cart([]);
export async function load(id) {
  const body = await answer(id);
  return JSON.parse(body);
}

async function answer(id) {
  await null;
  return `<p>${id}</p>`;
}

export const redeem = (coupon) => {
  if (!coupon.code) throw new TypeError(`coupon ${coupon.id} has no code`);
};

export function expire(coupon) {
  const until = coupon.until.getTime();
  return until < Date.now();
}
