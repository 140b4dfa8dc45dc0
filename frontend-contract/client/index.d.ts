import type { Operation } from "./operations.js";

export type { Operation } from "./operations.js";

/** One error of an answer, as docs/errors.md has them. */
export interface Problem {
  message: string;
  path?: Array<string | number>;
  extensions?: { code?: string; retryAfter?: number; requestId?: string; [key: string]: unknown };
}

/** An error that Tocsin told, or that nobody answered. Failures, which the caller can mend, are in the data of a mutation. */
export class TocsinError extends Error {
  /** `extensions.code` of the first of `errors`; `NO_ANSWER` where the server was not reached, or somebody else answered. */
  readonly code: string;
  readonly errors: Problem[];
  /** What was answered all the same. */
  readonly data: unknown;
  /** The status of the HTTP answer, where there was one. */
  readonly status: number | null;
  /** Seconds after which to ask again. */
  readonly retryAfter: number | null;
}

export interface Options {
  /** The address of GraphQL, `https://tocsin.example.com/graphql`. */
  url: string;
  /** A token or ingest key, or what finds one: asked for each request, each time a socket is opened, and once more where one is refused. What it throws is thrown. */
  token: string | (() => string | Promise<string>);
  /** By what streams come: a WebSocket, or server-sent events where a proxy lets no socket through. */
  by?: "socket" | "events";
  fetch?: typeof globalThis.fetch;
  /** Of another package, where the platform has none (Node.js before 22). */
  WebSocket?: typeof globalThis.WebSocket;
  /** The pause before a stream is asked for again: at random up to `firstMs` (1,000), twice that with each try, at most `mostMs` (30,000). */
  backoff?: { firstMs?: number; mostMs?: number };
  /** How often a socket is asked whether it is alive (20,000). */
  pingMs?: number;
  /** After how long without a word a stream by server-sent events is left (45,000): more than twice the server's heartbeat, which comes every 15 seconds. */
  silenceMs?: number;
  /** How many items of a stream may wait to be taken (1,000); past it, the stream is left, and asked for again when they are. */
  mostWaiting?: number;
}

export interface RunOptions {
  /** Which one is meant, where the text has several operations. */
  operationName?: string;
  /** Ends it at once, whatever it waits for. */
  signal?: AbortSignal;
}

export interface WatchOptions<Item = unknown> extends RunOptions {
  /** Whether the stream is asked for again after a break (true). Else the break is thrown, and any subscription will do. */
  goesOn?: boolean;
  /** Told of each break: what it was, and after how long the stream is asked for again. */
  onBreak?: (problem: TocsinError, ms: number) => void;
  /** Told of an item, just before it is handed over, of which a field was refused and is null. Without it, that is thrown, as by `run`. */
  onErrors?: (problem: TocsinError, item: Item) => void;
}

/** One item of a stream: what its one root field brings. */
export type Item<Data> = NonNullable<Data[keyof Data]>;

/** The variables, which need not be given where none is needed. */
type Given<Variables, More> = {} extends Variables ? [variables?: Variables, more?: More] : [variables: Variables, more?: More];

export class Client {
  constructor(options: Options);

  /** What a query or a mutation answers. Throws a TocsinError where any field was refused; its `data` has the rest. */
  run<Data, Variables>(operation: Operation<Data, Variables>, ...given: Given<Variables, RunOptions>): Promise<Data>;

  /**
   * The items of a subscription, each once and none left out, over lost connections and restarts of the server.
   *
   * It declares `$after` and selects the `cursor` of every item, or neither where nothing is to be caught up with; else a TypeError is thrown at once.
   * Keep the `cursor` of the last item to go on from it later, by the variable `after`. A `StreamReset` says that something is gone. Throws a
   * TocsinError for what waiting does not mend, such as `UNAUTHENTICATED`.
   */
  watch<Data, Variables>(operation: Operation<Data, Variables>, ...given: Given<Variables, WatchOptions<Item<Data>>>): AsyncGenerator<Item<Data>, void, undefined>;
}
