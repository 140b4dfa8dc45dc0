"""Shifts from a calendar that is kept elsewhere: whom does an entry put on call, and what may be said of one?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from domain.errors import InvalidInput
from domain.schedule.definition import Imported
from domain.schedule.settings import EARLIEST, LATEST
from domain.text import one_line

MOST_CALENDARS = 5
MOST_BYTES = 2**20
MOST_ENTRIES = 5_000
# Further than a question may go, so that one of today has the same answer at the end of the day.
AHEAD = timedelta(days=400)
LONGEST_URL = 2_000
_MOST_UNMATCHED = 20
_LONGEST_SHOWN = 100
_SCHEMES = {"webcal": "https", "webcals": "https"}


class CalendarSettings(TypedDict, total=False):
    """What can be set of an imported calendar; what is left out stays as it is."""

    name: str
    url: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom an entry may mean."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of a calendar says of whom it puts on call, and when; addresses in small letters."""

    start: datetime
    end: datetime
    title: str
    attendees: Sequence[str] = ()
    organizers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The shifts of a calendar, each once, and the titles of entries that mean nobody, with the first of their days."""

    shifts: frozenset[Imported]
    unmatched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Those who may be meant, by address and by name."""

    by_address: Mapping[str, UUID]
    by_name: Mapping[str, UUID | None] = field(repr=False)
    names: re.Pattern[str] | None

    @classmethod
    def of(cls, people: Iterable[Person]) -> "People":
        """These people, ready to be looked for; a name that several have means none of them."""
        known = list(people)
        by_name: defaultdict[str, set[UUID]] = defaultdict(set)
        for person in known:
            by_name[_plain(person.name)].add(person.id)
        by_name.pop("", None)
        longest_first = sorted(by_name, key=len, reverse=True)
        parts = "|".join(map(re.escape, longest_first))
        return cls(
            {person.email.lower(): person.id for person in known},
            {name: next(iter(ids)) if len(ids) == 1 else None for name, ids in by_name.items()},
            re.compile(rf"(?<!\w)(?:{parts})(?!\w)") if parts else None,
        )

    def meant_by(self, entry: Entry) -> frozenset[UUID]:
        """Whom an entry puts on call.

        Its attendees, as far as they are known; without any attendee those whom its title names, by address or by
        name; else its organizer.
        """
        if entry.attendees:
            return self._at(entry.attendees)
        return self._named(entry.title) or self._at(entry.organizers)

    def _at(self, addresses: Iterable[str]) -> frozenset[UUID]:
        return frozenset(self.by_address[one] for one in addresses if one in self.by_address)

    def _named(self, title: str) -> frozenset[UUID]:
        text = _plain(title)
        by_address = self._at(re.findall(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+", text))
        found = self.names.findall(text) if self.names else []
        by_name = {id for name in found if (id := self.by_name[name]) is not None}
        return by_address | by_name


def read_shifts(entries: Iterable[Entry], people: Iterable[Person]) -> Reading:
    """The shifts that these entries are for these people."""
    known = People.of(people)
    shifts: set[Imported] = set()
    unmatched: dict[str, datetime] = {}
    for entry in sorted(entries, key=lambda one: one.start):
        meant = known.meant_by(entry)
        shifts |= {Imported(entry.start, entry.end, id) for id in meant if _is_of_our_time(entry)}
        if not meant:
            unmatched.setdefault(entry.title, entry.start)
    shown = [f"{_shown(title)} ({first:%Y-%m-%d})" for title, first in unmatched.items()]
    return Reading(frozenset(shifts), tuple(shown[:_MOST_UNMATCHED]))


def check_calendar(settings: CalendarSettings) -> CalendarSettings:
    """The settings as they are stored: texts trimmed, `webcal:` as what it stands for.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    if (url := settings.get("url")) is not None:
        checked["url"] = _checked_url(url.strip())
    if (text := settings.get("text")) is not None and len(text.encode(errors="replace")) > MOST_BYTES:
        raise InvalidInput(f"`text` takes at most {MOST_BYTES:,} bytes.", ("text",))
    if settings.get("url") is not None and settings.get("text") is not None:
        raise InvalidInput("Give `url` or `text`, and not both.", ("text",))
    return checked


def shown_url(url: str | None) -> str | None:
    """The address without what may be a secret of it: all behind the host."""
    if url is None:
        return None
    scheme, _, rest = url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return f"{scheme}://{host}/…"


def _checked_url(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    whole = _SCHEMES.get(scheme.lower(), scheme.lower()) + separator + rest
    if not whole.startswith(("http://", "https://")) or not rest:
        raise InvalidInput("`url` must begin with https://, http:// or webcal:// and name a host.", ("url",))
    if len(whole) > LONGEST_URL or not whole.isprintable() or " " in whole:
        raise InvalidInput(f"`url` must be one address of at most {LONGEST_URL:,} characters.", ("url",))
    return whole


def _is_of_our_time(entry: Entry) -> bool:
    return entry.start >= EARLIEST and entry.end < LATEST


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _shown(title: str) -> str:
    line = " ".join("".join(each if each.isprintable() else " " for each in title).split()) or "(no title)"
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"
