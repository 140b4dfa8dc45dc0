// Orders and their sums.
const { fail } = require('./errors');

const COUPONS = { SPRING: { share: 20, uses: 5 } };
const RATES = { DE: { rate: 19 } };
// @2 exports.open = (id) => ({ id, lines: [] });

exports.total = function total(order) {
  return order.lines.reduce((sum, line) => sum + line.price, 0);
};

exports.checkout = (order) => {
  const coupon = findCoupon(order.coupon);
  redeem(coupon, order);
  return exports.total(order) - coupon.share;
};

function findCoupon(name) {
  const found = COUPONS[name];
  if (!found) fail('no such coupon', name);
  return found;
}

function redeem(coupon, order) {
  if (order.uses > coupon.uses) fail('coupon is used up', order.id);
}

const tax = (amount, country) => (amount * RATES[country].rate) / 100;

exports.cartPage = (request) => ({ tax: tax(100, request.country) });
exports.invoicePage = function (request) {
  const total = 250;
  return [total, tax(total, request.country)];
};

exports.parcel = (line) => {
  const weight = line.weight.kg * 1000;
  const size = line.size.cm * 10;
  return [weight, size];
};
