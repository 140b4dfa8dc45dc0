"""Surges: services and issues that have far more events than usual; one module a purpose."""
