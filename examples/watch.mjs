import { createClient } from "graphql-ws";

const WATCH = `
  subscription ($after: Cursor) {
    errorLogged(after: $after) {
      __typename
      ... on ErrorLogged { cursor event { service severity errorType message } issue { shortId } }
      ... on StreamPosition { cursor }
      ... on StreamReset { cursor reason }
    }
  }`;

let after = null;

function watch() {
  const client = createClient({
    url: process.env.URL.replace(/^http/, "ws"),
    connectionParams: { Authorization: `Bearer ${process.env.TOKEN}` },
    retryAttempts: 0, // left to itself it would ask again with the old `after`
  });
  client.subscribe(
    { query: WATCH, variables: { after } },
    {
      next({ data }) {
        after = data.errorLogged.cursor; // from here it goes on after a break, with nothing lost and nothing twice
        console.log(JSON.stringify(data.errorLogged));
      },
      error(problem) {
        if (problem.code === 4403) throw new Error("The token is not accepted.");
        setTimeout(watch, 1000);
      },
      complete() {},
    },
  );
}

watch();
