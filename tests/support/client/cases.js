// One case in which the client is to end, to fail or to try again, and what came of it, in Node.js.
import { Client, TocsinError } from "tocsin-client";
import { ShowViewer, WatchErrors } from "tocsin-client/operations";

import { counting } from "./counted.js";

const { which, waits, text, tokens, ...options } = JSON.parse(process.argv[2]);
const tell = (kind, value = null) => console.log(`TOLD ${encodeURIComponent(JSON.stringify({ kind, value }))}`);
const never = () => new Promise(() => {});
const stop = new AbortController();
const { signal } = stop;

const client = (more) => new Client({ ...options, backoff: { firstMs: 1, mostMs: 1 }, ...more });

const { Counted, enough } = counting(waits);

/** Who listens for an abort, of any signal. */
let listening = 0;
const counted = (method, by) => {
  const own = EventTarget.prototype[method];
  EventTarget.prototype[method] = function (type, ...more) {
    if (type === "abort") listening += by;
    return own.call(this, type, ...more);
  };
};

const cases = {
  async "while it is opened"() {
    setTimeout(() => stop.abort());
    return client({ pingMs: 600_000 }).watch(WatchErrors, {}, { signal }).next();
  },
  async "while a token is found"() {
    setTimeout(() => stop.abort());
    return client({ token: never }).watch(WatchErrors, {}, { signal }).next();
  },
  async "while a token is found for a question"() {
    setTimeout(() => stop.abort());
    return client({ token: never }).run(ShowViewer, {}, { signal });
  },
  async "while much waits"() {
    const items = client({ WebSocket: Counted }).watch(WatchErrors, {}, { signal });
    await items.next();
    tell("begun");
    await enough;
    stop.abort();
    return items.next();
  },
  async "as it breaks off"() {
    const onBreak = () => stop.abort();
    return client({ backoff: { firstMs: 1e9, mostMs: 1e9 } }).watch(WatchErrors, {}, { signal, onBreak }).next();
  },
  async "after many breaks"() {
    counted("addEventListener", 1);
    counted("removeEventListener", -1);
    let breaks = 0;
    const onBreak = () => (breaks += 1) < 5 || stop.abort();
    await client().watch(WatchErrors, {}, { signal, onBreak }).next();
    return { listening };
  },
  async "where no token is found"() {
    const token = async () => {
      throw new RangeError("There is no token.");
    };
    await client({ token }).run(ShowViewer).catch(({ name, message }) => tell("refused", { name, message }));
    return client({ token }).watch(WatchErrors).next();
  },
  async "where the answer breaks off"() {
    // What is fetched has begun, and never ends.
    const fetched = async (_, { signal: given }) =>
      new Response(new ReadableStream({ start: (to) => given.addEventListener("abort", () => to.error(given.reason)) }));
    setTimeout(() => stop.abort());
    return client({ fetch: fetched }).run(ShowViewer, {}, { signal });
  },
  async "where no token is found for now"() {
    const token = () => {
      tell("asked");
      throw new TocsinError("The own door is away.", { code: "UNAVAILABLE" });
    };
    await client({ token }).run(ShowViewer).catch(({ code, message }) => tell("refused", { code, message }));
    return client({ token }).watch(WatchErrors).next();
  },
  async "with one token after the other"() {
    const token = () => {
      tell("asked");
      return tokens.shift();
    };
    for await (const item of client({ token }).watch(WatchErrors)) tell("item", item);
  },
  async "until it breaks off"() {
    const onBreak = ({ code, message }) => tell("break", { code, message });
    for await (const item of client().watch(WatchErrors, {}, { onBreak })) tell("item", item);
  },
  async "hearing of errors"() {
    const onErrors = ({ code, errors, data }, item) => tell("errors", { code, count: errors.length, data, item });
    for await (const item of client().watch(text, {}, { onErrors })) tell("item", item);
  },
  async "not hearing of errors"() {
    for await (const item of client().watch(text)) tell("item", item);
  },
};

await cases[which]().then((value) => tell("ended", value), ({ name, message, code }) => tell("failed", { name, message, code }));
