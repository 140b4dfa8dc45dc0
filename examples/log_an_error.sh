curl -s "$URL" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{
  "query": "mutation($input: LogErrorInput!) { logError(input: $input) { ... on LoggedError { outcome issueShortId isNew } ... on Failure { code message path } } }",
  "variables": { "input": {
    "service": "checkout",
    "errorType": "PaymentDeclined",
    "message": "The card was declined",
    "severity": "HIGH",
    "release": "shop@2.4.1",
    "user": { "id": "u-7" },
    "tags": [{ "key": "country", "value": "DE" }]
  } }
}'
