export SENTRY_URL="${URL%/graphql}" SENTRY_AUTH_TOKEN="$TOKEN" SENTRY_ORG=any SENTRY_PROJECT=default
sentry-cli sourcemaps inject dist
sentry-cli sourcemaps upload dist
