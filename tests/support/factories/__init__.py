"""Rows for tests, one module a noun; each `make_<noun>(res, **overrides)` commits one row and returns it."""
