"""The use case that Tocsin exists for: an error is reported, and is on disk before the answer."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from core.ids import uuid7
from domain.access import Actor
from domain.admission import DropReason, Endpoint
from domain.dialects.graphql import report_from_input
from domain.errors import InvalidInput, LimitExceeded
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
    failure: InvalidInput | LimitExceeded | None = None


@dataclass(frozen=True, slots=True)
class _Unwanted:
    """A report that the project's own filters turned away."""

    stored: Stored


async def log_error(res: Resources, actor: Actor, fields: Mapping[str, Any]) -> Stored:
    """Leave the error on disk, once; `fields` are those of `LogErrorInput`.

    Raises: PermissionDenied, InvalidInput, LimitExceeded, Unavailable.
    """
    await res.admission.knock(actor, Endpoint.SINGLE)
    return await log_report(res, actor, partial(_own, fields, IngestSource.GRAPHQL), project=fields.get("project"))


async def log_report(res: Resources, actor: Actor, read: Read, *, project: str | int | None = None) -> Stored:
    """Leave on disk, once, the report that `read` makes; `project` is a slug, a number, or the actor's only one.

    What the project's filters turn away is FILTERED.

    Raises: PermissionDenied, InvalidInput, LimitExceeded, Unavailable.
    """
    with res.admission.under_way(actor, project):
        return await _log(res, actor, read, project)


async def _log(res: Resources, actor: Actor, read: Read, project: str | int | None) -> Stored:
    try:
        destination = await res.writer.destinations.find(actor, project)
        incoming = await _incoming(res, read, destination, res.clock.now())
    except InvalidInput:
        res.admission.count(actor, DropReason.INVALID, project)
        raise
    if isinstance(incoming, _Unwanted):
        return incoming.stored
    _, refusal = await res.admission.admit(actor, incoming.project_id, 1)
    if refusal is not None:
        raise refusal
    stored = (await _write(res, [incoming]))[0]
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

    Raises: PermissionDenied; InvalidInput for more than 1,000 at once; LimitExceeded (none was taken), Unavailable.
    """
    if source is IngestSource.GRAPHQL:
        await res.admission.knock(actor, Endpoint.BATCH)
    if len(inputs) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} errors a call, these are {len(inputs):,}.", ("inputs",))
    reads = [_read_of(fields, source) for fields in inputs]
    projects = [fields.get("project") if isinstance(fields, Mapping) else None for fields in inputs]
    with res.admission.under_way(actor, events=len(reads)):
        logged = await _log_all(res, actor, reads, projects)
    return [
        item if item.stored.event_id else replace(item, stored=replace(item.stored, event_id=_event_id(fields)))
        for item, fields in zip(logged, inputs, strict=True)
    ]


async def log_reports(
    res: Resources, actor: Actor, reads: Sequence[Read | InvalidInput], *, project: str | int | None = None
) -> list[Logged]:
    """As `log_errors`, for what a dialect makes of a request that brought several.

    Raises: PermissionDenied; InvalidInput where the project is not there; LimitExceeded (none was taken), Unavailable.
    """
    await res.writer.destinations.find(actor, project)
    with res.admission.under_way(actor, project, events=len(reads)):
        return await _log_all(res, actor, reads, [project] * len(reads))


async def _log_all(
    res: Resources, actor: Actor, reads: Sequence[Read | InvalidInput], projects: Sequence[Any]
) -> list[Logged]:
    answers: dict[int, Logged] = {}
    incoming: dict[int, Incoming] = {}
    received_at = res.clock.now()
    destinations: dict[str | int | None, Destination] = {}
    for place, (read, project) in enumerate(zip(reads, projects, strict=True)):
        try:
            name = _named(project)
            destination = destinations.get(name)
            if destination is None:
                destination = destinations[name] = await res.writer.destinations.find(actor, name)
            made = await _incoming(res, _given(read), destination, received_at)
            if isinstance(made, _Unwanted):
                answers[place] = Logged(made.stored)
            else:
                incoming[place] = made
        except InvalidInput as failure:
            res.admission.count(actor, DropReason.INVALID, project)
            answers[place] = Logged(Stored(IngestOutcome.INVALID, ""), failure)
        if place % _STRETCH == _STRETCH - 1:
            await asyncio.sleep(0)
    answers |= await _store(res, actor, incoming, is_all=not answers)
    return [answers[place] for place in range(len(reads))]


def _read_of(fields: Mapping[str, Any] | InvalidInput, source: IngestSource) -> Read | InvalidInput:
    return fields if isinstance(fields, InvalidInput) else partial(_own, fields, source)


def _given(read: Read | InvalidInput) -> Read:
    if isinstance(read, InvalidInput):
        raise read
    return read


def _named(project: Any) -> str | int | None:
    if not isinstance(project, str | int | None):
        raise InvalidInput("project must be a slug.", ("project",))
    return project


async def _store(res: Resources, actor: Actor, incoming: Mapping[int, Incoming], *, is_all: bool) -> dict[int, Logged]:
    """What became of each; where `is_all` there were no others, and it is refused as a whole if none is let in.

    Raises: LimitExceeded, Unavailable.
    """
    if not incoming:
        return {}
    answers, refusal = await _refused(res, actor, incoming)
    admitted = {place: event for place, event in incoming.items() if place not in answers}
    if is_all and refusal is not None and not admitted:
        raise refusal
    results = await _write(res, list(admitted.values())) if admitted else []
    return answers | {
        place: Logged(result, InvalidInput(result.refusal) if result.refusal else None)
        for place, result in zip(admitted, results, strict=True)
    }


async def _refused(
    res: Resources, actor: Actor, incoming: Mapping[int, Incoming]
) -> tuple[dict[int, Logged], LimitExceeded | None]:
    """Those that go beyond a limit, the last of each project first, and the last limit that was met."""
    by_project: defaultdict[UUID, list[int]] = defaultdict(list)
    for place, event in incoming.items():
        by_project[event.project_id].append(place)
    answers: dict[int, Logged] = {}
    last: LimitExceeded | None = None
    for project_id, places in by_project.items():
        admitted, refusal = await res.admission.admit(actor, project_id, len(places))
        last = refusal or last
        for place in places[admitted:]:
            answers[place] = Logged(Stored(IngestOutcome.RATE_LIMITED, incoming[place].event_id), refusal)
    return answers, last


async def _write(res: Resources, events: list[Incoming]) -> list[Stored]:
    """Leave the events on disk, and count those that are not.

    Raises: LimitExceeded (the queue is full, none was taken), Unavailable.
    """
    try:
        results = await res.writer.store(events)
    except LimitExceeded:
        for event in events:
            res.admission.drops.add(event.project_id, DropReason.QUEUE_FULL)
        raise
    for event, result in zip(events, results, strict=True):
        if result.outcome is IngestOutcome.INVALID:
            res.admission.drops.add(event.project_id, DropReason.INVALID)
    return results


async def _incoming(
    res: Resources, read: Read, destination: Destination, received_at: datetime
) -> Incoming | _Unwanted:
    report = read(destination, received_at)
    if destination.has_source_maps and not res.writer.absence.is_known:
        await show_originals(res, destination, report)
    if destination.rules is not None:
        destination.rules.apply(report)
    if destination.sieve is not None:
        reason = destination.sieve.refusal(report, otherwise=uuid7(received_at).hex)
        if reason is not None:
            res.admission.drops.add(destination.project_id, reason)
            return _Unwanted(Stored(IngestOutcome.FILTERED, report.event_id or ""))
    return prepare(report, project_id=destination.project_id, received_at=received_at)


def _own(fields: Mapping[str, Any], source: IngestSource, destination: Destination, received_at: datetime) -> Report:
    return report_from_input(
        fields, received_at=received_at, redact_keys=destination.redact_keys, source=source, cuts_names=source in _CUT
    )


def _event_id(fields: Mapping[str, Any] | InvalidInput) -> str:
    event_id = None if isinstance(fields, InvalidInput) else fields.get("eventId")
    return event_id[:128] if isinstance(event_id, str) else ""
