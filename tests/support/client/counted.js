// By sockets that count what comes: a promise that so many messages have come.

export const counting = (most) => {
  const enough = Promise.withResolvers();
  let came = 0;
  class Counted extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => (came += 1) < most || setTimeout(enough.resolve));
    }
  }
  return { Counted, enough: enough.promise };
};
