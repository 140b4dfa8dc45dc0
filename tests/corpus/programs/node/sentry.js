// The same programs with Sentry's SDK: `sentry.js BUG NUMBER RELEASE` prints the event that it would send.
const Sentry = require('@sentry/node');

Sentry.init({
  dsn: 'https://key@127.0.0.1/1',
  release: process.argv[4],
  serverName: 'web-1',
  beforeSend(event) {
    process.stdout.write(JSON.stringify(event));
    return null;
  },
});
const bug = process.argv[2];
if (bug.startsWith('web-')) {
  const web = require('./web');
  web.report = (error) => Sentry.captureException(error);
  web.run(bug, Number(process.argv[3])).then(() => Sentry.close(100));
} else {
  require('./main')
    .run(bug, Number(process.argv[3]))
    .catch((error) => Sentry.captureException(error))
    .then(() => Sentry.close(100));
}
