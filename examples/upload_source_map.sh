curl -s "${URL%/graphql}/api/sourcemaps?project=default&release=shop@2.4.1&url=$SITE/app.js" \
  -H "Authorization: Bearer $TOKEN" --data-binary @dist/app.js.map
