// What can go wrong, and which of it passes by itself.

/** An error that Tocsin told, or that nobody answered (`NO_ANSWER`). */
export class TocsinError extends Error {
  constructor(message, { code, errors = [], data = null, status = null, retryAfter = null }) {
    super(message);
    this.name = "TocsinError";
    Object.assign(this, { code, errors, data, status, retryAfter });
  }
}

/** What the caller's own function for tokens threw: handed on as it is, also where it looks like what passes. */
export class NoToken {
  constructor(thrown) {
    this.thrown = thrown;
  }
}

/** Who waits and asks again may be answered. */
export const passes = (problem) => problem instanceof TocsinError && ["NO_ANSWER", "RATE_LIMITED", "UNAVAILABLE"].includes(problem.code);

export const unanswered = (message, status = null) => new TocsinError(message, { code: "NO_ANSWER", status });

/** The error of an answer: its first one says what it is, and all are in it. */
export const refused = (errors, more = {}) => {
  const { message = "Nothing was answered.", extensions: { code = "INTERNAL", retryAfter = null } = {} } = errors?.[0] ?? {};
  return new TocsinError(message, { code, errors, retryAfter, ...more });
};
