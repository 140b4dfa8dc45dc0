"""Frames of JavaScript shown by their original positions, before the event is grouped."""

import asyncpg
import structlog

from core.away import AWAY
from domain.report import Report
from domain.sourcemap.frames import apply_maps, map_keys
from resolvers.intake.destination import Destination
from resolvers.resources import Resources

_log = structlog.get_logger()


async def show_originals(res: Resources, destination: Destination, report: Report) -> None:
    """Leave the report's frames at their original positions, where a map of its project knows them.

    What cannot be read now is noted, and costs no event.
    """
    keys = map_keys(report)
    if not keys:
        return
    try:
        maps = await res.source_maps.find(destination.project_id, keys)
    except (*AWAY, asyncpg.PostgresError) as error:
        _log.warning("source maps not read", project=destination.slug, error=str(error) or type(error).__name__)
        report.notes.append("source maps: they could not be read, the frames stand as they came")
        return
    if maps:
        apply_maps(report, maps, destination.redact_keys)
