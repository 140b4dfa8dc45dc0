import { ApolloClient, HttpLink, InMemoryCache, gql, type TypedDocumentNode } from "@apollo/client";
import { CommentOnIssue, ListIssues, WatchErrors, type Operation } from "tocsin-client/operations";

// An operation keeps its types.
const typed = <Data, Variables>(operation: Operation<Data, Variables>) =>
  gql(operation) as TypedDocumentNode<Data, Variables>;

const { URL: uri, TOKEN: token } = process.env;
const client = new ApolloClient({
  // Subscriptions come by it too, as multipart.
  link: new HttpLink({ uri, headers: { Authorization: `Bearer ${token}` } }),
  cache: new InMemoryCache(),
});

const { data } = await client.query({ query: typed(ListIssues), variables: { first: 1 } });
for (const { id, title } of data?.issues?.nodes ?? []) {
  const input = { issueId: id, body: "Looking into it." };
  const said = await client.mutate({ mutation: typed(CommentOnIssue), variables: { input } });
  console.log(JSON.stringify({ issue: title, ...said.data?.commentOnIssue }));
}

let after: string | null = null;

function watch() {
  const again = () => setTimeout(watch, 1000);
  client.subscribe({ query: typed(WatchErrors), variables: { after }, fetchPolicy: "no-cache" }).subscribe({
    next({ data, error }) {
      if (error) return again();
      if (!data) return;
      after = data.errorLogged.cursor; // from here it goes on after a break, with nothing lost and nothing twice
      console.log(JSON.stringify(data.errorLogged));
    },
    error: again,
  });
}

watch();
