"""`/answer/…`: where the links in mails lead. Looking does nothing, since mail programs look too; the button does."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from core.away import is_away
from domain.answer import AnswerKind
from domain.errors import DomainError, NotFound
from resolvers.answer.links import find_asked, follow_link

_PAGES = Path(__file__).parent / "pages"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_BUTTONS = {AnswerKind.ACKNOWLEDGE: "Acknowledge", AnswerKind.RESOLVE: "Resolve"}
_GONE, _FORBIDDEN, _AWAY = 404, 403, 503


async def show(request: Request) -> Response:
    """The page that asks whether it is meant."""
    try:
        answer, issue = await find_asked(request.app.state.resources, request.path_params["text"])
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return _refusal(error)
    button = _BUTTONS[answer.kind]
    return _page(headline=f"{button} this issue?", issue=issue, button=button)


async def follow(request: Request) -> Response:
    """Do what the link stands for, and say so."""
    try:
        given = await follow_link(request.app.state.resources, request.path_params["text"])
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return _refusal(error)
    return _page(headline="Done" if given.is_done else "Nothing was done", issue=given, message=given.message)


def answer_routes() -> list[BaseRoute]:
    """Where links in mails lead."""
    return [Route("/answer/{text}", show, methods=["GET"]), Route("/answer/{text}", follow, methods=["POST"])]


def _refusal(error: Exception) -> Response:
    """The page that says why not.

    Raises: what is no failure of ours.
    """
    if is_away(error):
        return _page(_AWAY, headline="Not now", message="The database is away; try again in a moment.")
    if not isinstance(error, DomainError):
        raise error
    status = _GONE if isinstance(error, NotFound) else _FORBIDDEN
    return _page(status, headline="Nothing was done", message=error.message)


def _page(status: int = 200, *, headline: str, issue: object = None, message: str = "", button: str = "") -> Response:
    values: dict[str, Any] = {"headline": headline, "issue": issue, "message": message, "button": button}
    page = _environment().get_template("answer.html.j2").render(values)
    return HTMLResponse(page, status_code=status, headers=_HEADERS)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
