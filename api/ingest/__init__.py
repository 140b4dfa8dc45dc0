"""The doors for programs that speak other dialects than our GraphQL."""
