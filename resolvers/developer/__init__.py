"""Developers: who there is, what may be set of them, and when they are on call; one module a purpose."""
