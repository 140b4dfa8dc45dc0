const LOG = `
  mutation ($input: LogErrorInput!) {
    logError(input: $input) {
      ... on LoggedError { outcome issueShortId isNew isRegression }
      ... on Failure { code message path }
    }
  }`;

async function report(error, more = {}) {
  const input = {
    service: "storefront",
    errorType: error.name,
    message: error.message,
    stackTrace: error.stack,
    ...more,
  };
  const answer = await fetch(process.env.URL, {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ query: LOG, variables: { input } }),
  });
  return answer.json();
}

try {
  null.price;
} catch (error) {
  console.log(JSON.stringify(await report(error, { severity: "HIGH", user: { id: "u-7" } })));
}
