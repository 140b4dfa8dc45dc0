"""`tocsin tail`: watch errors as they come in, through the public WebSocket."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import typer

from cli.configuration import read_settings
from cli.installation import find_running, read_credentials
from cli.problem import Problem
from cli.stream import Stream
from domain.event import Severity

_COLOURS = {"INFO": "bright_black", "LOW": "cyan", "MEDIUM": "yellow", "HIGH": "red", "CRITICAL": "bright_red"}
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_SERVICE_WIDTH = 16
_WHY_RESET = {
    "EXPIRED": "What came before is no longer kept; going on with what is.",
    "RESTORED": "The database was restored from a backup; going on from there.",
}


def main(
    *,
    project: Annotated[list[str] | None, typer.Option(help="Only this project, by slug; may be repeated.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only this service; may be repeated.")] = None,
    min_severity: Annotated[
        Severity | None, typer.Option(case_sensitive=False, help="Only events at least so bad.")
    ] = None,
    new_only: Annotated[bool, typer.Option("--new-only", help="Only the first event of each issue.")] = False,
    after: Annotated[str | None, typer.Option(help="Go on just after this cursor.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each event as one line of JSON.")] = False,
    url: Annotated[str | None, typer.Option(help="Where Tocsin is, if not here: http://… or ws://….")] = None,
    token: Annotated[str | None, typer.Option(help="API token, if not that of the credentials file.")] = None,
) -> None:
    """Watch errors as they come in, until Ctrl-C."""
    where, who = _reach(url, token)
    chosen = {"project": project, "service": service, "minSeverity": min_severity and min_severity.value}
    stream = Stream(
        url=where,
        token=who,
        filter={name: value for name, value in chosen.items() if value},
        only_new_issues=new_only,
        after=after,
        say=_say,
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(watch(stream, _as_json if as_json else _as_line, _print))


async def watch(stream: Stream, show: Callable[[dict[str, Any]], str], put: Callable[[str], None]) -> None:
    """Put each event on a line as it comes; say what else the stream has to say.

    Raises: Problem.
    """
    async with aclosing(stream.items()) as items:
        async for item in items:
            if item["__typename"] == "ErrorLogged":
                put(show(item))
            elif item["__typename"] == "StreamReset":
                stream.say(_WHY_RESET.get(item["reason"], item["reason"]))


def _reach(url: str | None, token: str | None) -> tuple[str, str]:
    """Where the WebSocket is, and the token that opens it.

    Raises: Problem.
    """
    if url is not None and token is not None:
        return _socket_url(url), token
    settings = read_settings()
    running = find_running(settings.data_dir)
    credentials = read_credentials(settings.data_dir, running.url if running else settings.base_url)
    return _socket_url(url or credentials.ws_url), token or credentials.token


def _socket_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise Problem(f"--url must be like http://host:8470, not {url!r}.")
    path = "/graphql" if parts.path in ("", "/") else parts.path
    return urlunsplit(parts._replace(scheme=_SCHEMES[parts.scheme], path=path))


def _as_line(item: dict[str, Any]) -> str:
    event, issue = item["event"], item["issue"]
    at = datetime.fromisoformat(event["receivedAt"]).astimezone()
    severity = typer.style(f"{event['severity']:<8}", fg=_COLOURS[event["severity"]], bold=True)
    marks = [
        typer.style(mark, fg=colour, bold=True)
        for mark, colour, is_set in (("NEW", "green", item["isNew"]), ("REGRESSION", "magenta", item["isRegression"]))
        if is_set
    ]
    service = _tame(event["service"]).ljust(_SERVICE_WIDTH)
    text = f"{_tame(event['errorType'])}: {_tame(event['message'])}" if event["message"] else _tame(issue["title"])
    return "  ".join([f"{at:%H:%M:%S}", severity, service, issue["shortId"], text, *marks])


def _as_json(item: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in item.items() if name != "__typename"})


def _tame(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey: it comes from whoever reports errors."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _print(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()


def _say(words: str) -> None:
    typer.echo(words, err=True)
