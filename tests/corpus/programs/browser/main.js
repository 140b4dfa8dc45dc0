// What the page calls: `shop(bug, number)`, errors go to `report`.
import { Cart, load, redeem, expire } from './cart.js';

const bugs = [
  'price-missing',
  'parent-missing',
  'answer-is-no-json',
  'coupon-without-code',
  'coupon-never-ends',
  'element-by-old-name',
  'widen-without-end',
  'customer-lost',
  'owner-lost',
];
const handlers = [
  (number) => new Cart([{ price: { amount: 1 } }, { id: number }]).total(),
  (number) => new Cart([]).show({ id: number }),
  (number) => load(number),
  (number) => redeem({ id: number }),
  (number) => expire({ id: number }),
  (number) => ['a', 'b'].forEach((name) => document.find(`${name}${number}`)),
  (number) => {
    const widen = (depth) => widen(depth + 1) + depth;
    return widen(number);
  },
  // two bugs without names that say the same
  (number) => ({ cart: number }).customer.id,
  (number) => ({ team: number }).owner.id,
];

window.shop = (bug, number) => {
  setTimeout(async () => {
    try {
      await handlers[bugs.indexOf(bug)](number);
    } catch (error) {
      window.report(error);
    }
  });
};
window.version = VERSION;
