"""Where a caller's credential stands in a request."""

from starlette.requests import HTTPConnection


def credential_of(connection: HTTPConnection) -> str | None:
    """The token or key that came along: `Authorization: Bearer …` (RFC 6750), or `X-Tocsin-Key`."""
    return bare_token(connection.headers.get("authorization", "")) or connection.headers.get("x-tocsin-key") or None


def bare_token(authorization: str) -> str | None:
    """What stands behind `Bearer`."""
    scheme, _, value = authorization.partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None
