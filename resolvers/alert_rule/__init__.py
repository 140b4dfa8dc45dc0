"""Alert rules: which there are, what may be set of them, when they fire, and when they would have."""
