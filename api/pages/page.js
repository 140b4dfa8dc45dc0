"use strict";

// The page at /graphql: GraphiQL as it is, a field for the token above it, and tabs to begin with.
(() => {
  const KEPT = "tocsin:token";
  const EARLIER = 20;
  const WHO = "{ viewer { developer { name } scopes } }";
  // What a first visit begins with: an operation of the contract, and its variables.
  const EXAMPLES = [
    ["LogError", { input: { project: "default", service: "checkout", errorType: "ValueError", message: "An error from GraphiQL", severity: "HIGH" } }],
    ["OpenDashboard", { first: 25 }],
    ["ListIssues", { search: "is:unresolved severity:>=high last:24h", first: 10 }],
    ["ShowStats", { range: { last: "P1D" } }],
    ["WatchErrors", { after: null }],
    ["ResolveIssue", { input: { issueId: "the id of an issue, from ListIssues", note: "Fixed" } }],
  ];

  const { createElement: element, useEffect, useMemo, useState } = React;
  const url = location.origin + location.pathname;

  const clientModule = (name) => import(new URL(`graphiql/client/${name}.js`, url));

  const subscriptionIn = ({ operationName }, { documentAST }) =>
    documentAST?.definitions.find(
      ({ operation, name }) => operation === "subscription" && (!operationName || name?.value === operationName),
    );

  // The stream goes on where it broke off, as the client of the contract has it; what waiting does not mend is shown.
  async function* results({ query, variables, operationName }, subscription, authorization, signal) {
    const [{ Client }, { readCursors }] = await Promise.all([clientModule("index"), clientModule("cursors")]);
    const [{ alias, name }] = subscription.selectionSet.selections;
    const client = new Client({ url, token: authorization.replace(/^Bearer /, "") });
    const goesOn = !readCursors(query, operationName).wrong; // whatever could not is shown until the first break
    let earlier = []; // GraphiQL shows the last answer alone
    try {
      let errors; // beside the item that comes next
      const onErrors = (problem) => (errors = problem.errors);
      for await (const item of client.watch(query, variables, { operationName, goesOn, signal, onErrors })) {
        yield { data: { [(alias ?? name).value]: item }, errors, extensions: { earlier } };
        errors = undefined;
        earlier = [item, ...earlier].slice(0, EARLIER);
      }
    } catch (problem) {
      yield { errors: problem.errors?.length ? problem.errors : [{ message: problem.message }] };
    }
  }

  // The button that stops returns it, which a generator by itself hears of once its next item has come.
  const watch = (...asked) => {
    const stop = new AbortController();
    const found = results(...asked, stop.signal);
    return Object.assign(found, {
      return(value) {
        stop.abort();
        return Object.getPrototypeOf(found).return.call(found, value);
      },
    });
  };

  // The token goes along unless the headers editor names another.
  const fetcherFor = (token) => (parameters, options = {}) => {
    const headers = { ...options.headers };
    const named = Object.keys(headers).find((name) => name.toLowerCase() === "authorization");
    if (token && !named) headers.Authorization = `Bearer ${token}`;
    const subscription = subscriptionIn(parameters, options);
    if (subscription) return watch(parameters, subscription, headers[named ?? "Authorization"] ?? "");
    return GraphiQL.createFetcher({ url })(parameters, { ...options, headers });
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
    const kept = localStorage.getItem("graphiql:tabState");
    if (kept) {
      const { tabs, activeTabIndex } = JSON.parse(kept); // told nothing, it opens one more
      const { query, variables } = tabs[activeTabIndex] ?? {};
      return { query: query ?? undefined, variables: variables ?? undefined };
    }
    const defaultTabs = await Promise.all(EXAMPLES.map(readExample));
    return { defaultTabs, variables: defaultTabs[0].variables };
  };

  const start = async () => {
    ReactDOM.render(element(Page, { opening: await findOpening() }), document.getElementById("page"));
  };

  start().catch((error) => {
    document.querySelector(".notice").textContent = `GraphiQL does not start: ${error.message}`;
  });
})();
