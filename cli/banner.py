"""What a person is told once everything runs."""

import json

from cli.installation import Credentials
from core.settings import Settings

_LOG_AN_ERROR = (
    'mutation { logError(input: { service: "checkout", errorType: "ValueError", '
    'message: "The first error", severity: HIGH }) '
    "{ ... on LoggedError { outcome eventId issueShortId } ... on Failure { code message } } }"
)
_NO_VALKEY = "away: check TOCSIN_REDIS_URL. Until it answers, streams and mails come some seconds later"


def banner(settings: Settings, credentials: Credentials | None, *, has_valkey: bool = True) -> str:
    """Say where to click, what to type, what is away, where things are kept, and how to stop."""
    lines = [
        "",
        f"Tocsin runs at {settings.base_url}",
        "",
        *(_access(credentials) if credentials else _no_access(settings)),
        *([] if has_valkey else _rows(("Valkey", _NO_VALKEY))),
        *_rows(
            ("Mail", (settings.smtp_url and "on") or "off: set TOCSIN_SMTP_URL, and those concerned get mails"),
            ("Data", str(settings.data_dir)),
            ("Logs", str(settings.data_dir / "log")),
        ),
        "",
        "Ctrl-C stops it and keeps the data.",
    ]
    return "\n".join(lines)


def curl(credentials: Credentials) -> str:
    """Hand back a command for a POSIX shell that logs an error."""
    body = json.dumps({"query": _LOG_AN_ERROR})
    return (
        f"curl -s {credentials.graphql_url} -H 'Authorization: Bearer {credentials.ingest_key}' "
        f"-H 'Content-Type: application/json' -d '{body}'"
    )


def _access(credentials: Credentials) -> list[str]:
    return [
        *_rows(
            ("GraphiQL", credentials.graphql_url),
            ("WebSocket", credentials.ws_url),
            ("Token", credentials.token),
            ("Ingest key", credentials.ingest_key),
            ("DSN", credentials.dsn),
        ),
        "",
        "  Log an error:",
        f"  {curl(credentials)}",
        "",
    ]


def _no_access(settings: Settings) -> list[str]:
    return [
        *_rows(("GraphiQL", f"{settings.base_url}/graphql")),
        "  The database was set up before, elsewhere: its credentials are not in this data directory.",
        "",
    ]


def _rows(*rows: tuple[str, str]) -> list[str]:
    return [f"  {name:<11} {value}" for name, value in rows]
