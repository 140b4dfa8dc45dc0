"""The use case that Tocsin exists for: an error is reported, and is on disk before the answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.access import Actor
from domain.dialects.graphql import report_from_input
from domain.errors import InvalidInput
from domain.report import IngestOutcome
from resolvers.intake.incoming import Incoming, Stored, prepare
from resolvers.resources import Resources

MOST_AT_ONCE = 1000
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
    incoming = await _read(res, actor, fields)
    stored = (await res.writer.store([incoming]))[0]
    if stored.outcome is IngestOutcome.INVALID:
        raise InvalidInput(stored.refusal or "This report cannot be stored.")
    return stored


async def log_errors(res: Resources, actor: Actor, inputs: Sequence[Mapping[str, Any]]) -> list[Logged]:
    """Leave each error on disk or refused, alone; the answers keep the order.

    Raises: PermissionDenied; InvalidInput for more than 1,000 at once; LimitExceeded (the queue is full, none was
    taken), Unavailable.
    """
    if len(inputs) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} errors a call, these are {len(inputs):,}.", ("inputs",))
    answers: dict[int, Logged] = {}
    incoming: dict[int, Incoming] = {}
    for place, fields in enumerate(inputs):
        try:
            incoming[place] = await _read(res, actor, fields)
        except InvalidInput as failure:
            answers[place] = Logged(Stored(IngestOutcome.INVALID, _event_id(fields)), failure)
        if place % _STRETCH == _STRETCH - 1:
            await asyncio.sleep(0)
    answers |= await _store(res, incoming)
    return [answers[place] for place in range(len(inputs))]


async def _store(res: Resources, incoming: Mapping[int, Incoming]) -> dict[int, Logged]:
    if not incoming:
        return {}
    results = await res.writer.store(list(incoming.values()))
    return {
        place: Logged(result, InvalidInput(result.refusal) if result.refusal else None)
        for place, result in zip(incoming, results, strict=True)
    }


async def _read(res: Resources, actor: Actor, fields: Mapping[str, Any]) -> Incoming:
    destination = await res.writer.destinations.find(actor, fields.get("project"))
    received_at = res.clock.now()
    report = report_from_input(fields, received_at=received_at, redact_keys=destination.redact_keys)
    return prepare(report, project_id=destination.project_id, received_at=received_at)


def _event_id(fields: Mapping[str, Any]) -> str:
    event_id = fields.get("eventId")
    return event_id[:128] if isinstance(event_id, str) else ""
