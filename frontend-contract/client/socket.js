// One WebSocket for all that is watched, by graphql-transport-ws; open as long as something is.
import { TocsinError, refused, unanswered } from "./problems.js";

const WRONG = { 1009: "BODY_TOO_LARGE", 4400: "BAD_REQUEST", 4401: "BAD_REQUEST", 4403: "UNAUTHENTICATED", 4406: "BAD_REQUEST", 4409: "BAD_REQUEST", 4429: "RATE_LIMITED" };

const closed = ({ code, reason }) =>
  WRONG[code] ? new TocsinError(reason || `The socket was closed with ${code}.`, { code: WRONG[code] }) : unanswered(`The socket was closed with ${code}.`);

/** What has come and is not taken yet; then how it ended. */
class Heard {
  #waiting = [];
  #end = null;
  #wake = () => {};

  push(result) {
    this.#waiting.push(result);
    this.#wake();
    return this.#waiting.length;
  }

  finish(problem = null) {
    this.#end ??= { problem };
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.#waiting.length) yield this.#waiting.shift();
      if (this.#end?.problem) throw this.#end.problem;
      if (this.#end) return;
      await new Promise((resolve) => (this.#wake = resolve));
    }
  }
}

export class Socket {
  #options;
  #line = null;
  #ids = 0;

  constructor(options) {
    this.#options = options;
  }

  /** The results of one operation, until it ends or is aborted, also while the line is opened. */
  async *results(request, signal) {
    const line = (this.#line ??= this.#open());
    const id = String((this.#ids += 1));
    const heard = new Heard();
    const leave = () => heard.finish();
    signal.addEventListener("abort", leave);
    line.start(id, request, heard);
    try {
      yield* heard;
    } finally {
      signal.removeEventListener("abort", leave);
      line.stop(id);
    }
  }

  /** A line, on which everything is asked once the server has acknowledged it. */
  #open() {
    const { url, credential, WebSocket, pingMs, mostWaiting } = this.#options;
    const socket = new WebSocket(url.replace(/^http/, "ws"), "graphql-transport-ws");
    const running = new Map();
    let isReady = false;
    let isOver = false;
    let isAlive = false;
    const send = (message) => socket.readyState === 1 && socket.send(JSON.stringify(message));
    const subscribe = (id) => send({ type: "subscribe", id, payload: running.get(id).request });

    const end = (problem) => {
      if (isOver) return;
      isOver = true;
      clearInterval(watching);
      if (this.#line === line) this.#line = null;
      for (const { heard } of running.values()) heard.finish(problem);
      running.clear();
      socket.close(1000);
    };
    // A line that is dead says nothing, so it is asked.
    const watching = setInterval(() => {
      if (!isAlive) end(unanswered("The server does not answer."));
      isAlive = false;
      send({ type: "ping" });
    }, pingMs);

    const line = {
      start(id, request, heard) {
        running.set(id, { request, heard });
        if (isReady) subscribe(id);
      },
      stop(id) {
        if (running.delete(id) && isReady) send({ type: "complete", id });
        if (!running.size) end(unanswered("Nothing is watched."));
      },
    };
    const finish = (id, problem) => {
      running.get(id)?.heard.finish(problem);
      running.delete(id);
    };
    const handlers = {
      connection_ack() {
        isReady = true;
        for (const id of running.keys()) subscribe(id);
      },
      ping: () => send({ type: "pong" }),
      pong: () => {},
      next({ id, payload }) {
        if ((running.get(id)?.heard.push(payload) ?? 0) <= mostWaiting) return;
        finish(id, unanswered("Too much waits to be taken.")); // to be asked for again, from what was taken
        send({ type: "complete", id });
      },
      error: ({ id, payload }) => finish(id, refused(payload)),
      complete: ({ id }) => finish(id),
    };

    socket.onopen = async () => {
      try {
        send({ type: "connection_init", payload: { Authorization: await credential() } });
      } catch (problem) {
        end(problem);
      }
    };
    socket.onmessage = ({ data }) => {
      isAlive = true;
      const message = JSON.parse(data);
      handlers[message.type]?.(message);
    };
    socket.onclose = (event) => end(closed(event));
    socket.onerror = () => {}; // `close` follows
    return line;
  }
}
