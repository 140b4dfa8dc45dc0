"""Process 1, the ASGI app: routes, bytes, headers, credentials, limits."""
