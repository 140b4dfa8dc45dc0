"""Source maps: from a place in what a bundler wrote back to the place in what somebody wrote."""
