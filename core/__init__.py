"""Plumbing that knows no noun of the product."""
