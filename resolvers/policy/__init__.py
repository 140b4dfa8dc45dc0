"""Escalation policies: which there are, and what may be set of them; one module a purpose."""
