curl -s "$SENTRY_URL/envelope/?sentry_key=$KEY" --data-binary '{}
{"type":"event"}
{"level":"error","platform":"other","tags":{"service":"checkout"},"exception":{"values":[{"type":"PaymentDeclined","value":"The card was declined"}]}}
'
