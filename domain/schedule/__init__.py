"""Schedules: who is on call when, from rotations and overrides; one module a purpose."""
