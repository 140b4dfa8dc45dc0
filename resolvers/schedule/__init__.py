"""Schedules: what is set of them, who is on call by them now, and who was; one module a purpose."""
