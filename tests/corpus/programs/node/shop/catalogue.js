// What is sold.
exports.load = (rows) => rows.map((row) => item(row));

function item(row) {
  return { name: row.name, price: row.price.replace(',', '.') };
}

function up(parents, name) {
  return [...up(parents, parents[name]), name];
}
exports.path = (parents, name) => up(parents, name);

exports.feed = (body) => JSON.parse(body).items;

exports.pages = (count) => new Array(count).fill(0);
