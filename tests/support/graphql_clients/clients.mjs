// Published clients of GraphQL, unmodified, driven from Python: a line of JSON on stdin is a call, one on stdout its answer.
import { createInterface } from "node:readline";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client/core/index.js";
import { serverAudits } from "graphql-http";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";

/** What comes, in order, each taken once. */
class Heard {
  #come = [];
  #awaited = [];
  push(kind, value) {
    const item = { kind, value: value ?? null };
    const waiting = this.#awaited.shift();
    if (waiting) waiting(item);
    else this.#come.push(item);
  }
  next() {
    return this.#come.length ? this.#come.shift() : new Promise((resolve) => this.#awaited.push(resolve));
  }
}

const told = (problem) =>
  Array.isArray(problem)
    ? problem
    : { code: problem.code, reason: problem.reason, message: String(problem.message), status: problem.response?.status ?? problem.statusCode };

const sinkTo = (heard) => ({
  next: (result) => heard.push("next", result),
  error: (problem) => heard.push("error", told(problem)),
  complete: () => heard.push("complete"),
});

const CLIENTS = {
  ws({ url, token, waits, spoils, ...options }, heard) {
    const client = createWsClient({
      url: url.replace(/^http/, "ws"),
      webSocketImpl: WebSocket,
      connectionParams: () => (waits ? new Promise(() => {}) : { Authorization: `Bearer ${token}` }),
      retryAttempts: 0,
      jsonMessageReplacer: spoils && ((key, value) => (key === "type" && value === "subscribe" ? "start" : value)),
      generateID: options.id && (() => options.id),
      on: {
        closed: (event) => heard.push("closed", { code: event.code, reason: event.reason }),
        pong: (received, payload) => heard.push("pong", { received, payload }),
      },
      ...options,
    });
    return { watch: (asked, sink) => client.subscribe(asked, sink), leave: () => client.dispose() };
  },
  sse({ url, token, ...options }) {
    const client = createSseClient({ url, headers: { Authorization: `Bearer ${token}` }, retryAttempts: 0, ...options });
    return { watch: (asked, sink) => client.subscribe(asked, sink), leave: () => client.dispose() };
  },
  apollo({ url, token }) {
    const link = new HttpLink({ uri: url, headers: { Authorization: `Bearer ${token}` } });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const open = new Set();
    const watch = ({ query, variables }, sink) => {
      const watched = client.subscribe({ query: gql(query), variables, fetchPolicy: "no-cache", errorPolicy: "all" });
      const subscription = watched.subscribe({
        ...sink,
        next: ({ data, error }) =>
          error ? sink.error(error.errors?.map(({ message, extensions }) => ({ message, extensions })) ?? error) : sink.next({ data }),
      });
      open.add(subscription);
      return () => subscription.unsubscribe();
    };
    return { watch, leave: () => open.forEach((subscription) => subscription.unsubscribe()) };
  },
};

const kept = [];
const keep = (thing) => kept.push(thing) - 1;

const CALLS = {
  async audit({ url }) {
    const results = await Promise.all(serverAudits({ url }).map(({ fn }) => fn()));
    return results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? null }));
  },
  connect({ by, ...options }) {
    const heard = new Heard();
    return keep({ heard, ...CLIENTS[by](options, heard) });
  },
  watch({ client, ...asked }) {
    const heard = new Heard();
    return keep({ heard, stop: kept[client].watch(asked, sinkTo(heard)) });
  },
  next: ({ of }) => kept[of].heard.next(),
  stop: ({ watch }) => void kept[watch].stop(),
  leave: ({ client }) => void kept[client].leave(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, call, options } = JSON.parse(line);
  (async () => CALLS[call](options))().then(
    (answer) => console.log(JSON.stringify({ id, answer: answer ?? null })),
    (problem) => console.log(JSON.stringify({ id, problem: String(problem.stack) })),
  );
}
process.exit();
