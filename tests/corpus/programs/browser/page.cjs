// A page that loads one bundle: `page.cjs BUNDLE URL BUG NUMBER` prints the error as a reporter would send it.
const { readFileSync } = require('node:fs');
const { createContext, Script } = require('node:vm');

const [bundle, url, bug, number] = process.argv.slice(2);
const report = (error) => process.stdout.write([error.name, error.message, error.stack].join('\x1e'));
const page = createContext({ setTimeout, report, document: {} });
page.window = page;
new Script(readFileSync(bundle, 'utf8'), { filename: url }).runInContext(page);
page.shop(bug, Number(number));
