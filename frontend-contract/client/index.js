// A client of Tocsin: questions and changes by fetch, and streams that go on where they broke off.
import { readCursors } from "./cursors.js";
import { results } from "./events.js";
import { NoToken, TocsinError, passes, refused, unanswered } from "./problems.js";
import { Socket } from "./socket.js";
import { pause, unlessAborted } from "./waiting.js";

export { TocsinError };

const JSON_ANSWER = "application/graphql-response+json, application/json;q=0.9";

export class Client {
  #url;
  #token;
  #fetch;
  #stream;
  #backoff;

  constructor({
    url,
    token,
    by = "socket",
    fetch = globalThis.fetch,
    WebSocket = globalThis.WebSocket,
    backoff = {},
    pingMs = 20_000,
    silenceMs = 45_000,
    mostWaiting = 1000,
  }) {
    this.#url = url;
    this.#token = token;
    this.#fetch = fetch.bind(globalThis);
    this.#backoff = { firstMs: 1000, mostMs: 30_000, ...backoff };
    const credential = () => this.#authorization();
    const socket = new Socket({ url, credential, WebSocket, pingMs, mostWaiting });
    const post = (...asked) => this.#post(...asked);
    this.#stream = by === "socket" ? (...asked) => socket.results(...asked) : (...asked) => results({ post, credential, silenceMs }, ...asked);
  }

  async run(query, variables = {}, { operationName, signal } = {}) {
    const authorization = await unlessAborted(this.#authorization(), signal).catch((problem) => {
      throw problem instanceof NoToken ? problem.thrown : problem;
    });
    const answer = await this.#post({ query, variables, operationName }, JSON_ANSWER, authorization, signal);
    const { status } = answer;
    const { data = null, errors } = await answer.json().catch(() => ({}));
    signal?.throwIfAborted();
    if (errors?.length) throw refused(errors, { data, status });
    if (!data) throw unanswered(`The answer has status ${status}, and is not Tocsin's.`, status);
    return data;
  }

  watch(query, variables = {}, { operationName, goesOn = true, signal, ...hearing } = {}) {
    const { isDeclared, wrong } = readCursors(query, operationName);
    if (goesOn && wrong) throw new TypeError(`After a break this subscription could not go on. ${wrong}`);
    const leaving = new AbortController();
    const ends = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
    const items = this.#items({ query, variables, operationName }, ends, { goesOn, hasCursors: goesOn && isDeclared, ...hearing });
    // By itself a generator hears that it is to end once its next item has come.
    return Object.assign(items, {
      return(value) {
        leaving.abort();
        return Object.getPrototypeOf(items).return.call(items, value);
      },
    });
  }

  async *#items(asked, signal, { goesOn, hasCursors, onBreak, onErrors }) {
    let { after } = asked.variables;
    let tries = 0;
    let isAnew = false; // since the last item, the token is another one than was refused
    while (!signal.aborted) {
      const request = after === undefined ? asked : { ...asked, variables: { ...asked.variables, after } };
      try {
        for await (const result of this.#stream(request, signal)) {
          if (signal.aborted) return; // of what waits to be taken nothing more is
          const item = itemOf(result, hasCursors);
          if (result.errors?.length) {
            const problem = refused(result.errors, { data: result.data });
            if (!onErrors) throw problem;
            onErrors(problem, item);
          }
          after = item.cursor ?? after; // from here it goes on: all before it was handed over, and nothing behind it
          tries = 0;
          isAnew = false;
          yield item;
        }
        return;
      } catch (problem) {
        if (signal.aborted) return;
        if (problem instanceof NoToken) throw problem.thrown;
        const isRefused = problem?.code === "UNAUTHENTICATED" && typeof this.#token === "function";
        if (isRefused && isAnew) throw refusedAnew(problem);
        if (!goesOn || !(isRefused || passes(problem))) throw problem;
        const ms = isRefused ? 0 : this.#wait(tries, problem.retryAfter);
        if (isRefused) isAnew = true;
        else tries += 1;
        onBreak?.(problem, ms);
        await pause(ms, signal);
      }
    }
  }

  /** Longer with each try, and not the same for all who lost the same server. */
  #wait(tries, retryAfter) {
    const { firstMs, mostMs } = this.#backoff;
    return (retryAfter ?? 0) * 1000 + Math.random() * Math.min(mostMs, firstMs * 2 ** tries);
  }

  async #authorization() {
    if (typeof this.#token !== "function") return `Bearer ${this.#token}`;
    try {
      return `Bearer ${await this.#token()}`;
    } catch (thrown) {
      throw new NoToken(thrown);
    }
  }

  async #post(body, accept, authorization, signal) {
    const headers = { Accept: accept, "Content-Type": "application/json", Authorization: authorization };
    try {
      return await this.#fetch(this.#url, { method: "POST", headers, body: JSON.stringify(body), signal });
    } catch (problem) {
      throw signal?.aborted ? signal.reason : unanswered(String(problem));
    }
  }
}

const refusedAnew = ({ code, errors }) =>
  new TocsinError("The token is not accepted, nor is the one that `token` gave when it was asked anew.", { code, errors });

const itemOf = ({ data, errors }, hasCursors) => {
  const item = data && Object.values(data)[0];
  if (!item) throw refused(errors);
  if (hasCursors && !item.cursor) throw new TypeError("Select `cursor` of every item: from one without it no stream can go on.");
  return item;
};
