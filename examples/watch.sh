curl -sN "$URL" -H "Authorization: Bearer $TOKEN" -H 'Accept: text/event-stream' -H 'Content-Type: application/json' -d '{
  "query": "subscription($after: Cursor) { errorLogged(after: $after) { __typename ... on ErrorLogged { cursor event { message } } ... on StreamPosition { cursor } ... on StreamReset { cursor } } }",
  "variables": { "after": null }
}'
