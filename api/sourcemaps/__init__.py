"""The doors for source maps: our own, and those that `sentry-cli` knocks at."""
