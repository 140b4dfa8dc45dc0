"""Response targets: within which time issues are to be dealt with; one module a purpose."""
