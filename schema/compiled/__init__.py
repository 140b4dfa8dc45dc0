"""Documents that only log errors, executed without the machinery that other documents need."""
