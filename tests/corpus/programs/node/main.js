// A shop that fails in known ways: `main.js BUG NUMBER` prints the error as a reporter would send it.
'use strict';
const { inspect } = require('node:util');
const orders = require('./shop/orders');
const catalogue = require('./shop/catalogue');
const { Payment } = require('./shop/payment');
const jobs = require('./shop/jobs');

const BREAK = '\x1e';
exports.report = (error) => {
  const text = error.cause || error.errors ? inspect(error) : error.stack;
  process.stdout.write([error.name, error.message || error.name, text].join(BREAK));
};

const words = ['mug', 'lamp', 'chair', 'desk', 'rug', 'vase', 'clock', 'stool'];
// @2 const greet = (name) => `Hello ${name}`;

// A switch, so that no name of a bug stands in a stack.
exports.run = async (bug, n) => {
  switch (bug) {
    case 'cart-without-lines':
      return orders.total({ id: n });
    case 'coupon-unknown':
      return orders.checkout({ id: n, lines: [], coupon: words[n % 8] });
    case 'coupon-used-up':
      return orders.checkout({ id: n, lines: [], coupon: 'SPRING', uses: 9 });
    case 'price-is-no-number':
      return catalogue.load([{ name: words[n % 8], price: n }]);
    case 'category-cycle':
      return catalogue.path({ a: 'b', b: 'c', c: 'a' }, 'abc'[n % 3]);
    case 'feed-is-no-json':
      return catalogue.feed(`{"item": ${words[n % 8]}}`);
    case 'webhook-is-no-json':
      return new Payment().webhook(`<b>${words[n % 8]}</b>`);
    case 'gateway-times-out':
      return new Payment(n).charge(1000 + n);
    case 'card-is-frozen':
      return new Payment(n).update({ card: words[n % 8] });
    case 'job-lost':
      return jobs.run('missing', n);
    case 'address-lost':
      return jobs.run('address', n);
    case 'uploads-fail':
      return jobs.run('uploads', (n % 3) + 2);
    case 'timer-callback':
      return jobs.later(n);
    case 'rule-by-eval':
      return jobs.rule(`order.customer.rank > ${n}`);
    case 'listener-fails':
      return jobs.emit('paid', n);
    case 'proxy-refuses':
      return jobs.guarded({ id: n }).secret;
    case 'negative-length':
      return catalogue.pages(-n - 1);
    // one bug from two places
    case 'tax-by-cart-page':
      return orders.cartPage({ country: 'XX' });
    case 'tax-by-invoice-page':
      return orders.invoicePage({ country: 'YY' });
    // two bugs in one function
    case 'weight-missing':
      return orders.parcel({ size: { cm: 3 } });
    case 'size-missing':
      return orders.parcel({ weight: { kg: 3 } });
  }
};

if (require.main === module) {
  exports.run(process.argv[2], Number(process.argv[3])).catch(exports.report);
}
