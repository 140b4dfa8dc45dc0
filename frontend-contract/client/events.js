// One operation by server-sent events, where no socket is let through.
import { TocsinError, refused, unanswered } from "./problems.js";
import { unlessAborted } from "./waiting.js";

/** The results of one operation, until it ends. */
export async function* results({ post, credential, silenceMs }, request, signal) {
  const authorization = await unlessAborted(credential(), signal); // what it throws is its caller's
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  // A line that is dead says nothing, not even the heartbeat that the server sends every 15 seconds.
  const silent = () => leaving.abort(unanswered("The server does not answer."));
  const soon = async (awaited) => {
    const waiting = setTimeout(silent, silenceMs);
    return awaited.finally(() => clearTimeout(waiting));
  };
  signal?.addEventListener("abort", leave);
  if (signal?.aborted) leave();
  try {
    const answer = await soon(post(request, "text/event-stream", authorization, leaving.signal));
    if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) throw await told(answer);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await soon(reader.read());
      if (done) throw unanswered("The stream broke off.");
      const parts = (rest + value).split(/\r?\n\r?\n/);
      rest = parts.pop();
      for (const part of parts) {
        const event = Object.fromEntries(part.split(/\r?\n/).map((line) => line.split(/: ?(.*)/s)));
        if (event.event === "complete") return;
        if (event.event === "next") yield JSON.parse(event.data);
      }
    }
  } catch (problem) {
    if (leaving.signal.reason instanceof TocsinError) throw leaving.signal.reason;
    throw problem instanceof TocsinError ? problem : unanswered(String(problem));
  } finally {
    signal?.removeEventListener("abort", leave);
    leave();
  }
}

const told = async (answer) => {
  const { errors } = await answer.json().catch(() => ({}));
  return errors ? refused(errors, { status: answer.status }) : unanswered(`The answer has status ${answer.status}.`, answer.status);
};
