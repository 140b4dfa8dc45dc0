// What can be wrong in the shop, thrown in one place.
class ShopError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'ShopError';
  }
}
exports.ShopError = ShopError;
exports.fail = (reason, detail) => {
  throw new ShopError(`${reason}: ${detail}`);
};
