"""The plain page on which a link in a mail ends: what is asked, a button, or what came of it."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from core.away import is_away
from domain.errors import DomainError, NotFound

_PAGES = Path(__file__).parent / "pages"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_GONE, _FORBIDDEN, _AWAY = 404, 403, 503


def page(
    status: int = 200, *, headline: str, issue: object = None, message: str = "", button: str = "", action: str = ""
) -> Response:
    """The page; its button posts to `action`, or to where it is."""
    values: dict[str, Any] = {
        "headline": headline, "issue": issue, "message": message, "button": button, "action": action
    }  # fmt: skip
    text = _environment().get_template("answer.html.j2").render(values)
    return HTMLResponse(text, status_code=status, headers=_HEADERS)


def refusal(error: Exception) -> Response:
    """The page that says why not.

    Raises: what is no failure of ours.
    """
    if is_away(error):
        return page(_AWAY, headline="Not now", message="The database is away; try again in a moment.")
    if not isinstance(error, DomainError):
        raise error
    status = _GONE if isinstance(error, NotFound) else _FORBIDDEN
    return page(status, headline="Nothing was done", message=error.message)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
