// Waiting that ends at once when it is aborted, and leaves no listener behind.

/** What is awaited; where the signal is aborted before, its reason is thrown. */
export const unlessAborted = (awaited, signal) =>
  new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    awaited.then(resolve, reject).finally(() => signal?.removeEventListener("abort", leave));
  });

/** So long, or until the signal is aborted. */
export const pause = (ms, signal) =>
  new Promise((resolve) => {
    const wake = () => {
      clearTimeout(waiting);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const waiting = setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
    if (signal.aborted) wake();
  });
