import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import { CommentOnIssue, ListIssues, WatchErrors } from "tocsin-client/operations";
import type {
  CommentOnIssueData,
  CommentOnIssueVariables,
  ListIssuesData,
  ListIssuesVariables,
  WatchErrorsData,
  WatchErrorsVariables,
} from "tocsin-client/operations";

const { URL: url = "", TOKEN: token } = process.env;
const headers = { Authorization: `Bearer ${token}` };
const socket = createClient({ url: url.replace(/^http/, "ws"), connectionParams: headers, retryAttempts: 0 });

const client = new Client({
  url,
  fetchOptions: { headers },
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = "", variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

const asked = await client.query<ListIssuesData, ListIssuesVariables>(ListIssues, { first: 1 });
for (const { id, title } of asked.data?.issues?.nodes ?? []) {
  const input = { issueId: id, body: "Looking into it." };
  const said = await client.mutation<CommentOnIssueData, CommentOnIssueVariables>(CommentOnIssue, { input });
  console.log(JSON.stringify({ issue: title, ...said.data?.commentOnIssue }));
}

let after: string | null = null;

function watch() {
  client.subscription<WatchErrorsData, WatchErrorsVariables>(WatchErrors, { after }).subscribe(({ data, error }) => {
    if (data) {
      after = data.errorLogged.cursor; // from here it goes on after a break, with nothing lost and nothing twice
      console.log(JSON.stringify(data.errorLogged));
    }
    if (error) setTimeout(watch, 1000);
  });
}

watch();
