// Does with the client what its options say, and tells what came of it, in Node.js and in a browser.
import { Client } from "tocsin-client";
import * as operations from "tocsin-client/operations";

import { counting } from "./counted.js";

const { judge = [], run = [], watch = [], waits = 0, leaves = false, ...options } = JSON.parse(
  globalThis.document ? decodeURIComponent(location.hash.slice(1)) : process.argv[2],
);
const tell = (kind, value) => console.log(`TOLD ${encodeURIComponent(JSON.stringify({ kind, value }))}`);
const failed = ({ name, message, code, status }) => tell("failed", { name, message, code, status });

// Takes nothing more after its first item until so many messages have come.
const { Counted, enough } = counting(waits);

const client = (more) => new Client({ ...options, ...more, WebSocket: Counted, backoff: { firstMs: 50, mostMs: 200 } });

const watched = async (by) => {
  const onBreak = ({ code, message }) => tell("break", { by, code, message });
  const stop = new AbortController();
  const items = client({ by }).watch(operations.WatchErrors, {}, { onBreak, signal: stop.signal });
  for await (const item of items) {
    tell("item", { by, ...item });
    if (leaves) setTimeout(() => (leaves === "return" ? items.return() : stop.abort())); // while it waits for the next
    if (waits) await enough;
  }
  tell("left", { by });
};

const judged = (text) => {
  try {
    client().watch(text); // nothing is asked before its first item is
    tell("taken", text);
  } catch (problem) {
    failed(problem);
  }
};

try {
  judge.forEach(judged);
  for (const { ask, variables, ...more } of run) {
    await client(more).run(operations[ask] ?? ask, variables).then((data) => tell("answer", data), failed);
  }
  await Promise.all(watch.map(watched));
} catch (problem) {
  failed(problem);
}
