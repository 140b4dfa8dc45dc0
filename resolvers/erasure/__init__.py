"""Erasing a person from a project: asking for it, and doing it in steps."""
