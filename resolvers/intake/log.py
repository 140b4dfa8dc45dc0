"""The use case that Tocsin exists for: an error is reported, and is on disk before the answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from domain.access import Actor
from domain.dialects.graphql import report_from_input
from domain.errors import InvalidInput
from domain.report import IngestOutcome, IngestSource, Report
from resolvers.intake.destination import Destination
from resolvers.intake.incoming import Incoming, Stored, prepare
from resolvers.resources import Resources
from resolvers.sourcemap.applying import show_originals

# A dialect, once it has what came: it makes a report for a project, received at a time.
Read = Callable[[Destination, datetime], Report]

MOST_AT_ONCE = 1000
# Where no types stand before us that refuse a name of the wrong size, it is cut like everything else.
_CUT = frozenset({IngestSource.REST, IngestSource.OTLP})
# Reading reports is work for the processor; after so many the loop sees to others.
_STRETCH = 20


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of one report of several: stored or not, and why not."""

    stored: Stored
    failure: InvalidInput | None = None


async def log_error(res: Resources, actor: Actor, fields: Mapping[str, Any]) -> Stored:
    """Leave the error on disk, once; `fields` are those of `LogErrorInput`.

    Raises: PermissionDenied, InvalidInput, LimitExceeded (the queue is full), Unavailable.
    """
    return await log_report(res, actor, partial(_own, fields, IngestSource.GRAPHQL), project=fields.get("project"))


async def log_report(res: Resources, actor: Actor, read: Read, *, project: str | int | None = None) -> Stored:
    """Leave on disk, once, the report that `read` makes; `project` is a slug, a number, or the actor's only one.

    Raises: PermissionDenied, InvalidInput, LimitExceeded (the queue is full), Unavailable.
    """
    incoming = await _incoming(res, actor, read, project)
    stored = (await res.writer.store([incoming]))[0]
    if stored.outcome is IngestOutcome.INVALID:
        raise InvalidInput(stored.refusal or "This report cannot be stored.")
    return stored


async def log_errors(
    res: Resources,
    actor: Actor,
    inputs: Sequence[Mapping[str, Any] | InvalidInput],
    *,
    source: IngestSource = IngestSource.GRAPHQL,
) -> list[Logged]:
    """Leave each error on disk or refused, alone; the answers keep the order.

    What the door could not read stands among the inputs as the reason why not.

    Raises: PermissionDenied; InvalidInput for more than 1,000 at once; LimitExceeded (the queue is full, none was
    taken), Unavailable.
    """
    if len(inputs) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} errors a call, these are {len(inputs):,}.", ("inputs",))
    answers: dict[int, Logged] = {}
    incoming: dict[int, Incoming] = {}
    for place, fields in enumerate(inputs):
        try:
            incoming[place] = await _own_incoming(res, actor, fields, source)
        except InvalidInput as failure:
            answers[place] = Logged(Stored(IngestOutcome.INVALID, _event_id(fields)), failure)
        if place % _STRETCH == _STRETCH - 1:
            await asyncio.sleep(0)
    answers |= await _store(res, incoming)
    return [answers[place] for place in range(len(inputs))]


async def log_reports(
    res: Resources, actor: Actor, reads: Sequence[Read | InvalidInput], *, project: str | int | None = None
) -> list[Logged]:
    """As `log_errors`, for what a dialect makes of a request that brought several.

    Raises: PermissionDenied; InvalidInput where the project is not there; LimitExceeded (the queue is full, none was
    taken), Unavailable.
    """
    await res.writer.destinations.find(actor, project)
    answers: dict[int, Logged] = {}
    incoming: dict[int, Incoming] = {}
    for place, read in enumerate(reads):
        try:
            incoming[place] = await _incoming(res, actor, _given(read), project)
        except InvalidInput as failure:
            answers[place] = Logged(Stored(IngestOutcome.INVALID, ""), failure)
        if place % _STRETCH == _STRETCH - 1:
            await asyncio.sleep(0)
    answers |= await _store(res, incoming)
    return [answers[place] for place in range(len(reads))]


def _given(read: Read | InvalidInput) -> Read:
    if isinstance(read, InvalidInput):
        raise read
    return read


async def _store(res: Resources, incoming: Mapping[int, Incoming]) -> dict[int, Logged]:
    if not incoming:
        return {}
    results = await res.writer.store(list(incoming.values()))
    return {
        place: Logged(result, InvalidInput(result.refusal) if result.refusal else None)
        for place, result in zip(incoming, results, strict=True)
    }


async def _incoming(res: Resources, actor: Actor, read: Read, project: str | int | None) -> Incoming:
    destination = await res.writer.destinations.find(actor, project)
    received_at = res.clock.now()
    report = read(destination, received_at)
    if destination.has_source_maps:
        await show_originals(res, destination, report)
    if destination.rules is not None:
        destination.rules.apply(report)
    return prepare(report, project_id=destination.project_id, received_at=received_at)


async def _own_incoming(
    res: Resources, actor: Actor, fields: Mapping[str, Any] | InvalidInput, source: IngestSource
) -> Incoming:
    if isinstance(fields, InvalidInput):
        raise fields
    project = fields.get("project")
    if not isinstance(project, str | int | None):
        raise InvalidInput("project must be a slug.", ("project",))
    return await _incoming(res, actor, partial(_own, fields, source), project)


def _own(fields: Mapping[str, Any], source: IngestSource, destination: Destination, received_at: datetime) -> Report:
    return report_from_input(
        fields, received_at=received_at, redact_keys=destination.redact_keys, source=source, cuts_names=source in _CUT
    )


def _event_id(fields: Mapping[str, Any] | InvalidInput) -> str:
    event_id = None if isinstance(fields, InvalidInput) else fields.get("eventId")
    return event_id[:128] if isinstance(event_id, str) else ""
