"""Rows and the states that `domain/` decides on: a state has the names and values of some of the row's columns."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from domain.alert import AlertState
from domain.triage import TriageState

State = TypeVar("State", TriageState, AlertState)


def read_state(row: object, kind: type[State]) -> State:
    """The state that the row is in."""
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def write_state(row: object, state: TriageState | AlertState) -> None:
    """Leave the row in that state."""
    for name, value in columns_of(state).items():
        setattr(row, name, value)


def columns_of(state: TriageState | AlertState) -> dict[str, Any]:
    """The columns of a row that is in that state, and their values."""
    return asdict(state)


def changes(before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs between two states, as it was and as it is, in JSON under the contract's names."""
    old, new = _facts(before), _facts(after)
    names = [name for name in old | new if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}


def _facts(state: TriageState | AlertState | None) -> dict[str, Any]:
    return {_camel(name): _plain(value) for name, value in asdict(state).items()} if state else {}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
