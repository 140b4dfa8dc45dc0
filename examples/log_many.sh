curl -s "${URL%/graphql}/api/errors/batch" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/x-ndjson' --data-binary '
{"service": "imports", "errorType": "RowRefused", "message": "Row 7: no such customer", "severity": "LOW"}
{"service": "imports", "errorType": "RowRefused", "message": "Row 19: no such customer", "severity": "LOW"}
'
