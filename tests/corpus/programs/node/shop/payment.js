// Money comes in.
const { ShopError } = require('./errors');

class Gateway {
  constructor(limit) {
    this.limit = limit;
  }

  async post(path) {
    await new Promise((done) => setTimeout(done, 1));
    throw new Error(`${path} gave no answer within ${this.limit * 100 + 7}ms`);
  }
}

exports.Payment = class Payment {
  #gateway;

  constructor(limit) {
    this.#gateway = new Gateway(limit);
    this.settings = Object.freeze({ card: null });
  }

  async charge(order) {
    try {
      await this.#gateway.post(`/v1/charges/${order}`);
    } catch (cause) {
      throw new ShopError(`order ${order} was not charged`, { cause });
    }
  }

  update(values) {
    'use strict';
    for (const [name, value] of Object.entries(values)) this.settings[name] = value;
  }

  webhook(body) {
    return JSON.parse(body).id;
  }
};
