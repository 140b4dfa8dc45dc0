"""Warnings to administrators: a threshold that was crossed, work that is overdue, each told once while it stands."""
