"""A client for what listens on loopback without TLS."""

import httpx

_PATIENCE_S = 30


def plain_http(**options: object) -> httpx.AsyncClient:
    """A client that is patient, and reads no certificates: that takes longer than most requests do, and none is shown."""
    return httpx.AsyncClient(verify=False, **{"timeout": _PATIENCE_S, **options})
