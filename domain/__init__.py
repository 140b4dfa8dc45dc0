"""The rules, decided from arguments alone."""
