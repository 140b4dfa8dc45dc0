"""Alerts that climb: what they climb, whom that tells, by hand and by time; one module a purpose."""
