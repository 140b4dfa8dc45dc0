"""What does a program say that nobody knows? What the mapping of its key finds, and our own words as they are."""

from functools import partial
from typing import Any

from domain.dialects.mending import Mending
from domain.dialects.webhooks.circumstances import instant_in, severity_of
from domain.dialects.webhooks.payload import Object
from domain.dialects.webhooks.reading import Read
from domain.webhook import FieldMapping, fields_of_report, mapped_fields

_CONTEXTS = "contexts"
_PAYLOAD = "payload"


def reader(mapping: tuple[FieldMapping, ...]) -> Read:
    """Hand back the dialect of that mapping."""
    return partial(_read, mapping)


def _read(mapping: tuple[FieldMapping, ...], given: Object, mending: Mending) -> Object:
    """The fields by their own names, and over them those that the mapping finds; the rest is kept as a context."""
    own = {name: value for name, value in given.items() if name in fields_of_report()}
    mapped, missing = mapped_fields(mapping, given)
    for each in missing:
        mending.note(f"{each}: nothing stands where the mapping points")
    fields = {**own, **mapped}
    fields["occurredAt"] = instant_in(fields.get("occurredAt"))
    fields["severity"] = severity_of(fields.get("severity")) or fields.get("severity")
    rest = {name: value for name, value in given.items() if name not in own}
    if rest:
        contexts = fields.get(_CONTEXTS)
        fields[_CONTEXTS] = {**contexts, _PAYLOAD: rest} if isinstance(contexts, dict) else _both(contexts, rest)
    return fields


def _both(contexts: Any, rest: Object) -> Object:
    return {_PAYLOAD: rest} if contexts is None else {_CONTEXTS: contexts, _PAYLOAD: rest}
