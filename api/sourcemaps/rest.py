"""`POST /api/sourcemaps`: one source map, its text the body; what it is of stands in the query.

What is wrong is told as problem details (RFC 9457).
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.ingest.plain import problem_details
from api.sourcemaps.door import doors, told, uploader, whole
from core.settings import Settings
from domain.errors import DomainError, InvalidInput
from resolvers.sourcemap.upload import upload_source_map
from schema.node import global_id

_PARAMETERS = frozenset({"project", "release", "dist", "url", "debugId"})


def upload_routes(settings: Settings) -> list[Route]:
    """The address for single maps."""
    return doors("/api/sourcemaps", take_map, ["POST"], most_bytes=settings.sourcemap_bytes, refuse=_refuse)


async def take_map(request: Request) -> Response:
    """Store a map; its answer says what was read of it."""
    actor = await uploader(request)
    asked = request.query_params
    for name in asked:
        if name not in _PARAMETERS:
            raise InvalidInput(f"There is no parameter {name[:100]!r}.", (name[:100],))
    resources = request.app.state.resources
    raw = await whole(request, resources.settings.sourcemap_bytes)
    kept = await upload_source_map(
        resources,
        actor,
        raw,
        project=asked.get("project"),
        release=asked.get("release"),
        dist=asked.get("dist"),
        url=asked.get("url"),
        debug_id=asked.get("debugId"),
    )
    answer = {
        "id": global_id("SourceMap", kept.id),
        "release": kept.release,
        "dist": kept.dist,
        "url": kept.name if kept.release else None,
        "debugId": kept.debug_id,
        "sources": kept.source_count,
        "mappings": kept.mapping_count,
    }
    return as_json(answer, 201)


def _refuse(status: int, failure: DomainError) -> Response:
    response = told(status, failure, problem_details(status, failure))
    response.headers["Content-Type"] = "application/problem+json"
    return response
