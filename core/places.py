"""Are the URLs and paths of settings such as can be used? What is wrong is told without the secrets in them."""

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

_WRONG_PORT = "must have a number from 1 to 65535 as its port"


def checked_postgres(url: str) -> str:
    """Hand back the URL, whose host and port may also be among its parameters, and be several.

    Raises: ValueError.
    """
    parts = _with_scheme(url, "postgresql", "postgres")
    for ports in parse_qs(parts.query).get("port", ()):
        if not all(port.isdecimal() for port in ports.split(",")):
            raise ValueError(_WRONG_PORT)
    return url


def checked_redis(url: str) -> str:
    """Hand back the URL, without a slash at its end that no database follows.

    Raises: ValueError.
    """
    parts = with_host(url, "redis", "rediss")
    for database in (parts.path.strip("/"), *parse_qs(parts.query).get("db", ())):
        if database and not database.isdecimal():
            raise ValueError("must name its database by a number, as in redis://127.0.0.1:6379/0")
    return parts._replace(path=parts.path.rstrip("/")).geturl()


def absolute_path(path: Path) -> Path:
    """Hand back the path from the root on.

    Raises: ValueError.
    """
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise ValueError("must not begin with the home directory of somebody who has none") from None


def checked_archive(place: str) -> str:
    """Hand back the place: the URL of a bucket, or the absolute path of a directory.

    Raises: ValueError.
    """
    if "://" not in place:
        return str(absolute_path(Path(place)))
    parts = with_host(place, "s3")
    if parts.username or parts.password:
        raise ValueError("must not hold a key: that is for TOCSIN_ARCHIVE_ACCESS_KEY and TOCSIN_ARCHIVE_SECRET_KEY")
    asked = parse_qs(parts.query)
    if unknown := sorted(set(asked) - {"endpoint", "region"}):
        raise ValueError(f"knows only `endpoint` and `region` behind the question mark, not {unknown[0]}")
    for endpoint in asked.get("endpoint", ()):
        with_host(endpoint, "http", "https")
    return place


def with_host(url: str, *schemes: str) -> SplitResult:
    """Hand back the parts of the URL.

    Raises: ValueError when it names no host, or as `_with_scheme` does.
    """
    parts = _with_scheme(url, *schemes)
    if not parts.hostname:
        raise ValueError(f"must name a host, as in {schemes[0]}://127.0.0.1")
    return parts


def _with_scheme(url: str, *schemes: str) -> SplitResult:
    """Hand back the parts of the URL.

    Raises: ValueError when the scheme is none of those, or the port cannot be one. The library's own words would show
    what it took for the port, which may be a part of a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("must be a URL") from None
    if parts.scheme not in schemes:
        raise ValueError(f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError(_WRONG_PORT)
    return parts
