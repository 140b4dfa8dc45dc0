"""`/calendar/….ics`: what calendar programs subscribe to. The address is the credential."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.away import is_away
from domain.errors import NotFound
from resolvers.schedule.calendar import REFRESH, read_calendar

_NOT_MODIFIED, _GONE, _AWAY = 304, 404, 503
_HEADERS = {
    "Cache-Control": f"private, max-age={int(REFRESH.total_seconds())}",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


async def show_calendar(request: Request) -> Response:
    """The calendar, or that it is still as the program has it (RFC 9110, 13.1.2)."""
    try:
        calendar = await read_calendar(request.app.state.resources, request.path_params["secret"])
    except NotFound as failure:
        return PlainTextResponse(failure.message, status_code=_GONE, headers={"Cache-Control": "no-store"})
    except Exception as error:
        if not is_away(error):
            raise
        return PlainTextResponse("The database is away.", status_code=_AWAY, headers={"Retry-After": "60"})
    tag = f'"{sha256(calendar).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if _is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(calendar, headers=headers, media_type="text/calendar; charset=utf-8")


def calendar_routes() -> list[BaseRoute]:
    """Where calendars are."""
    return [Route("/calendar/{secret}.ics", show_calendar, methods=["GET"])]


def _is_known(tag: str, asked: str) -> bool:
    """Whether the program has it: one of several tags, each perhaps marked as weak by who passed it on, or `*`."""
    tags = {each.strip().removeprefix("W/") for each in asked.split(",")}
    return tag in tags or "*" in tags
