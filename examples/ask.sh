curl -s "$URL" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{
  "query": "query($search: String) { issues(search: $search, first: 5) { nodes { id shortId title eventCount } } }",
  "variables": { "search": "is:unresolved severity:>=high" }
}'
