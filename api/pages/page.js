"use strict";

// The page at /graphql: GraphiQL as it is, a field for the token above it, and tabs to begin with.
(() => {
  const KEPT = "tocsin:token";
  const WHO = "{ viewer { developer { name } scopes } }";
  const EXAMPLES = {
    LogError: {
      input: {
        project: "default",
        service: "checkout",
        errorType: "ValueError",
        message: "An error from GraphiQL",
        severity: "HIGH",
      },
    },
    ListIssues: { first: 10 },
    WatchErrors: {},
    ResolveIssue: { input: { issueId: "the id of an issue, from ListIssues", note: "Fixed" } },
  };

  const { createElement: element, useEffect, useMemo, useState } = React;
  const url = location.origin + location.pathname;
  const socketUrl = url.replace(/^http/, "ws");

  // The token goes along unless the headers editor names another; a socket is told the same headers when it opens.
  // It is not opened again by itself: a stream that broke off is to be seen.
  const fetcherFor = (token) => (parameters, options = {}) => {
    const headers = { ...options.headers };
    const named = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
    if (token && !named) headers.Authorization = `Bearer ${token}`;
    const wsClient = graphqlWs.createClient({ url: socketUrl, connectionParams: headers, retryAttempts: 0 });
    return GraphiQL.createFetcher({ url, wsClient })(parameters, { ...options, headers });
  };

  // Says whose token it is, or what is wrong with it.
  const findCaller = async (token, signal) => {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query: WHO });
    const answer = await (await fetch(url, { method: "POST", headers, body, signal })).json();
    const viewer = answer.data?.viewer;
    if (!viewer) throw new Error(answer.errors?.[0]?.message ?? "The token is not accepted.");
    const name = viewer.developer?.name ?? "a program";
    return `You are ${name}, who may ${viewer.scopes.join(", ")}.`;
  };

  const Help = () =>
    element(
      "span",
      null,
      "Paste the token that ",
      element("code", null, "make run"),
      " printed; ",
      element("code", null, "bin/tocsin credentials"),
      " shows it again.",
    );

  const Caller = ({ token }) => {
    const [said, setSaid] = useState(null);
    useEffect(() => {
      const stop = new AbortController();
      setSaid(null);
      if (token) {
        findCaller(token, stop.signal).then(
          (text) => setSaid({ text, className: "good" }),
          (error) => stop.signal.aborted || setSaid({ text: error.message, className: "bad" }),
        );
      }
      return () => stop.abort();
    }, [token]);
    if (!token) return element(Help);
    return said && element("span", { className: said.className, role: "status" }, said.text);
  };

  const TokenField = ({ token, setToken }) =>
    element(
      "form",
      { className: "token", onSubmit: (event) => event.preventDefault() },
      element("label", { htmlFor: "token" }, "Token"),
      element("input", {
        id: "token",
        type: "password",
        autoComplete: "off",
        spellCheck: false,
        placeholder: "tcs_…",
        value: token,
        title: "Sent with everything as “Authorization: Bearer …”, over HTTP and WebSocket, unless the Headers tab has one.",
        onChange: (event) => setToken(event.target.value.trim()),
      }),
      element(Caller, { token }),
    );

  const Page = ({ opening }) => {
    const [token, setToken] = useState(sessionStorage.getItem(KEPT) ?? "");
    const fetcher = useMemo(() => fetcherFor(token), [token]);
    useEffect(() => sessionStorage.setItem(KEPT, token), [token]);
    return element(
      React.Fragment,
      null,
      element(TokenField, { token, setToken }),
      element(GraphiQL, { fetcher, ...opening, defaultEditorToolsVisibility: "variables" }),
    );
  };

  const readExample = async ([name, variables]) => {
    const answer = await fetch(`graphiql/operations/${name}.graphql`);
    if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}.`);
    return { query: await answer.text(), variables: JSON.stringify(variables, null, 2), headers: "" };
  };

  // GraphiQL keeps its tabs, so that examples are for the first visit. The variables of the first tab it wants apart.
  // Links in mails name an issue.
  const findOpening = async () => {
    const issue = new URLSearchParams(location.search).get("issue");
    if (issue) {
      const { query, variables } = await readExample(["ShowIssue", { by: { shortId: issue } }]);
      return { query, variables };
    }
    if (localStorage.getItem("graphiql:tabState")) return {};
    const defaultTabs = await Promise.all(Object.entries(EXAMPLES).map(readExample));
    return { defaultTabs, variables: defaultTabs[0].variables };
  };

  const start = async () => {
    ReactDOM.render(element(Page, { opening: await findOpening() }), document.getElementById("page"));
  };

  start().catch((error) => {
    document.querySelector(".notice").textContent = `GraphiQL does not start: ${error.message}`;
  });
})();
