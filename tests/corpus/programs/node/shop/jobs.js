// What is done later.
const { EventEmitter } = require('node:events');

class NotFound extends Error {
  get name() {
    return 'NotFound';
  }
}

const JOBS = {
  missing(number) {
    throw new NotFound(`${number} not found`);
  },
  address: (number) => {
    throw new RangeError(`${number} not found`);
  },
  async uploads(count) {
    await Promise.any(Array.from({ length: count }, (_, number) => upload(number)));
  },
};

async function upload(number) {
  await null;
  throw new Error(`file ${number} has no name`);
}

exports.run = async (name, argument) => JOBS[name](argument);

exports.later = (number) =>
  new Promise((done, failed) => {
    setTimeout(() => {
      try {
        done(tick(number));
      } catch (error) {
        failed(error);
      }
    }, 1);
  });

const tick = (number) => number.toFixed(200);

exports.rule = (text) => new Function('order', `return ${text};`)({});

const bus = new EventEmitter();
bus.on('paid', (order) => order.customer.mail());
exports.emit = (name, id) => bus.emit(name, { id });

exports.guarded = (target) =>
  new Proxy(target, {
    get(_, name) {
      throw new TypeError(`${String(name)} is not yours`);
    },
  });
