"""Events: what is asked of them."""
