"""Patterns: finding them in the issues of each project, and asking for them."""
