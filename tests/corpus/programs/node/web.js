// The shop's pages, by Express: `web.js BUG NUMBER` asks for one and prints what its error handler would send.
const express = require('express');
const { report } = require('./main');
const orders = require('./shop/orders');

const app = express();
app.use(express.json());
app.use((request, response, next) => {
  if (request.query.lang) request.locale = { de: { code: 'de' } }[request.query.lang].code;
  next();
});
const pages = express.Router();
pages.get('/carts/:id', (request, response) => response.json(orders.total({ id: request.params.id })));
pages.post('/orders', (request, response) => response.json({ count: request.body.line.count }));
pages.get('/faq', (request, response) => response.send(decodeURIComponent(request.query.q)));
app.use('/api', pages);
app.use((error, request, response, next) => {
  exports.report(error);
  response.status(500).end();
});
exports.report = report;

const asked = {
  'web-cart-without-lines': (n) => [`/api/carts/${n}`],
  'web-order-without-lines': (n) => ['/api/orders', { id: n }],
  'web-malformed': (n) => [`/api/faq?q=%25${'xyz'[n % 3]}`],
  'web-locale': (n) => [`/api/carts/${n}?lang=x${n}`],
};

exports.run = (bug, number) =>
  new Promise((done) => {
    const [path, body] = asked[bug](number);
    const server = app.listen(0, '127.0.0.1', async () => {
      const sent = body && { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
      await fetch(`http://127.0.0.1:${server.address().port}${path}`, sent);
      server.close(done);
      server.closeAllConnections();
    });
  });

if (require.main === module) exports.run(process.argv[2], Number(process.argv[3]));
