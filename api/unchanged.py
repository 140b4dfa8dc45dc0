"""What a caller has already is not sent again (RFC 9110, 13.1.2: If-None-Match)."""

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

_KEPT = ("cache-control", "etag", "vary", "content-location", "expires", "last-modified")


def unless_known(request: Request, response: Response) -> Response:
    """The response, or 304 where the caller names its `ETag`, of whatever strength."""
    tag = response.headers["etag"]
    named = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") not in named:
        return response
    return Response(
        status_code=304, headers={name: response.headers[name] for name in _KEPT if name in response.headers}
    )


def file_unless_known(request: Request, path: Path, headers: Mapping[str, str]) -> Response:
    """The file, or 304 where the caller has it."""
    return unless_known(request, FileResponse(path, headers=headers, stat_result=path.stat()))
