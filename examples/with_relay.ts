import { createClient, type Sink } from "graphql-ws";
import {
  Environment,
  Network,
  Observable,
  RecordSource,
  Store,
  commitMutation,
  fetchQuery,
  graphql,
  requestSubscription,
  type GraphQLResponse,
} from "relay-runtime";
import type { withRelayCommentMutation } from "./__generated__/withRelayCommentMutation.graphql.ts";
import type { withRelayIssuesQuery } from "./__generated__/withRelayIssuesQuery.graphql.ts";
import type { withRelaySubscription } from "./__generated__/withRelaySubscription.graphql.ts";

const { URL: url = "", TOKEN: token } = process.env;
const authorization = { Authorization: `Bearer ${token}` };
const socket = createClient({ url: url.replace(/^http/, "ws"), connectionParams: authorization, retryAttempts: 0 });

const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(
    async ({ text: query }, variables) => {
      const headers = { ...authorization, "Content-Type": "application/json" };
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
      return answer.json();
    },
    ({ text }, variables) =>
      Observable.create<GraphQLResponse>((sink) =>
        socket.subscribe({ query: text ?? "", variables }, sink as Sink<any>),
      ),
  ),
});

const issues = graphql`
  query withRelayIssuesQuery {
    issues(first: 1) {
      nodes {
        id
        title
      }
    }
  }
`;
const comment = graphql`
  mutation withRelayCommentMutation($input: CommentOnIssueInput!) {
    commentOnIssue(input: $input) {
      __typename
      ... on Activity {
        id
      }
      ... on Failure {
        code
        message
      }
    }
  }
`;
const errors = graphql`
  subscription withRelaySubscription($after: Cursor) {
    errorLogged(after: $after) {
      __typename
      ... on ErrorLogged {
        cursor
        event {
          message
        }
      }
      ... on StreamPosition {
        cursor
      }
      ... on StreamReset {
        cursor
        reason
      }
    }
  }
`;

const asked = await fetchQuery<withRelayIssuesQuery>(environment, issues, {}).toPromise();
for (const { id, title } of asked?.issues?.nodes ?? []) {
  commitMutation<withRelayCommentMutation>(environment, {
    mutation: comment,
    variables: { input: { issueId: id, body: "Looking into it." } },
    onCompleted: ({ commentOnIssue }) => console.log(JSON.stringify({ issue: title, ...commentOnIssue })),
  });
}

let after: string | null = null;

function watch() {
  requestSubscription<withRelaySubscription>(environment, {
    subscription: errors,
    variables: { after },
    onNext(data) {
      const item = data?.errorLogged;
      if (!item || item.__typename === "%other") return;
      after = item.cursor; // from here it goes on after a break, with nothing lost and nothing twice
      console.log(JSON.stringify(item));
    },
    onError: () => setTimeout(watch, 1000),
  });
}

watch();
