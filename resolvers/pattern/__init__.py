"""Patterns: mining them from issues as those come, and asking for them."""
