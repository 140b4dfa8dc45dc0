"""A client for what listens on loopback without TLS."""

import httpx


def plain_http(**options: object) -> httpx.AsyncClient:
    """A client that reads no certificates: that takes longer than most requests do, and nobody shows it one."""
    return httpx.AsyncClient(verify=False, **options)
