"""How much may be sent to one place, what has to wait there, and what leaves as one message.

A place is a channel and an address. What was sent there counts only against what is no more urgent, so that nothing is
kept waiting by what matters less.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import TypeAlias
from uuid import UUID

from domain.event import Severity
from domain.notification import Channel, NotificationKind

Place: TypeAlias = tuple[Channel, str]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many messages to one place within that span."""

    most: int
    within: timedelta


_MINUTE = timedelta(minutes=1)
# None looks further back than a quarter of an hour: a longer wait would outlast the step of a policy.
LIMITS: Mapping[Channel, Sequence[Limit]] = {
    # A phone that rings is picked up once. GoAlert (engine/message/ratelimit.go) sends one a minute and five in a
    # quarter of an hour, too.
    Channel.SMS: (Limit(1, _MINUTE), Limit(5, 15 * _MINUTE)),
    # Who gets more reads none of them.
    Channel.EMAIL: (Limit(5, _MINUTE), Limit(20, 15 * _MINUTE)),
    # Slack takes about one a second for a channel, Telegram 20 a minute for a group; people read less.
    Channel.SLACK: (Limit(10, _MINUTE),),
    Channel.TELEGRAM: (Limit(10, _MINUTE),),
    # Whatever it is, it is read by people, or has a channel of its own.
    Channel.APPRISE: (Limit(10, _MINUTE),),
    # Machines read everything; PagerDuty takes 120 a minute for a key.
    Channel.PAGERDUTY: (Limit(100, _MINUTE),),
    Channel.WEBHOOK: (Limit(600, _MINUTE),),
}
LOOK_BACK: timedelta = max(limit.within for limits in LIMITS.values() for limit in limits)
# A machine wants each message by itself.
BUNDLED = frozenset({Channel.SMS, Channel.EMAIL, Channel.SLACK, Channel.TELEGRAM, Channel.APPRISE})


@dataclass(frozen=True, slots=True)
class Due:
    """A notification whose time has come, as far as the choice depends on it; `urgency` grows with the severity.

    `has_waited`: it was kept waiting here before, since too much had been sent. `is_gathered`: it waited for the digest
    that ends now. What is about no issue (a test, a summary) comes seldom by its nature, and has a form of its own: it
    is not throttled, and not bundled.
    """

    id: UUID
    place: Place
    kind: NotificationKind
    urgency: int
    attempts: int = 0
    has_waited: bool = False
    has_issue: bool = True
    is_gathered: bool = False

    @property
    def is_throttled(self) -> bool:
        """Whether limits are for it; what is tried again has waits of its own."""
        return self.has_issue and self.attempts == 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left for a place, or is under way."""

    at: datetime
    urgency: int


@dataclass(slots=True)
class Room:
    """How many may be begun now: in all, by a channel, and to one place; what is under way is taken off already."""

    total: int
    by_channel: int
    by_place: int
    channels: Counter[Channel] = field(default_factory=Counter)
    places: Counter[Place] = field(default_factory=Counter)

    def has_room(self, place: Place) -> bool:
        """Whether one more may be begun to that place."""
        channel, _ = place
        return self.total > 0 and self.channels[channel] < self.by_channel and self.places[place] < self.by_place

    def take(self, place: Place) -> None:
        """Leave the room for one to that place less."""
        self.total -= 1
        self.channels[place[0]] += 1
        self.places[place] += 1

    @property
    def full_channels(self) -> list[Channel]:
        """The channels that have no room."""
        return [channel for channel, count in self.channels.items() if count >= self.by_channel]

    @property
    def full_places(self) -> list[Place]:
        """The places that have no room."""
        return [place for place, count in self.places.items() if count >= self.by_place]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is begun now, most important first, and until when the others are kept waiting.

    `bundles`: those of `now` that take along all that was kept waiting for the same place, and these that are due.
    """

    now: Sequence[UUID]
    bundles: Mapping[UUID, Sequence[UUID]]
    later: Mapping[UUID, datetime]


def urgency_of(severity: Severity) -> int:
    """How urgent a message about something so bad is; one about nothing in particular has 0."""
    return severity.rank


def severity_of(urgency: int) -> Severity:
    """How bad what a message of that urgency is about is."""
    return next(severity for severity in Severity if severity.rank == urgency)


def most_that_count(channel: Channel, factor: float) -> int:
    """How many of the latest messages to a place of that channel the limits look at."""
    return max((_most(limit, factor) for limit in LIMITS.get(channel, ())), default=1)


def free_at(channel: Channel, sent: Sequence[Sent], *, urgency: int, at: datetime, factor: float) -> datetime:
    """When the next message of that urgency may leave for a place to which these were sent; `at` where at once.

    Where nothing was sent within the spans, that is at once. `factor` multiplies the limits; 0: there are none.
    """
    times = sorted(one.at for one in sent if one.urgency >= urgency)
    earliest = at
    for limit in LIMITS.get(channel, ()) if factor else ():
        most = _most(limit, factor)
        within = [time for time in times if time > at - limit.within]
        if len(within) >= most:
            earliest = max(earliest, within[-most] + limit.within)
    return earliest


def choose(
    due: Iterable[Due], sent: Mapping[Place, Sequence[Sent]], room: Room, *, at: datetime, factor: float = 1
) -> Chosen:
    """What of all that is due leaves now, and what is kept waiting since too much was sent there.

    The first to a place where nothing was sent goes before all others, then tests, then by severity, then by age; of
    two alike the one whose place was served longest ago. Where there is no room for all that may leave for a place,
    the rest is not put off yet.
    """
    units, later = _units(due, sent, at, factor)
    now: list[UUID] = []
    bundles: dict[UUID, Sequence[UUID]] = {}
    for unit in sorted(units, key=lambda unit: unit.order):
        if room.has_room(unit.lead.place):
            room.take(unit.lead.place)
            now.append(unit.lead.id)
            if unit.company is not None:
                bundles[unit.lead.id] = unit.company
        else:
            later.pop(unit.lead.place, None)
    return Chosen(now, bundles, {id: until for of_place in later.values() for id, until in of_place.items()})


def _most(limit: Limit, factor: float) -> int:
    return max(1, ceil(limit.most * factor))


@dataclass(frozen=True, slots=True)
class _Unit:
    """One message that may leave; without `company` it takes nothing along."""

    lead: Due
    is_first: bool
    served_at: datetime | None
    company: Sequence[UUID] | None = None

    @property
    def order(self) -> tuple[bool, bool, int, int, float]:
        """What comes first is smallest; ids sort by when they were made, to the millisecond."""
        served = self.served_at.timestamp() if self.served_at else 0.0
        is_test = self.lead.kind is NotificationKind.TEST
        return (not self.is_first, not is_test, -self.lead.urgency, self.lead.id.int >> 80, served)


def _units(
    due: Iterable[Due], sent: Mapping[Place, Sequence[Sent]], at: datetime, factor: float
) -> tuple[list[_Unit], dict[Place, dict[UUID, datetime]]]:
    """What may leave, and of each place, until when the others wait."""
    by_place: defaultdict[Place, list[Due]] = defaultdict(list)
    units: list[_Unit] = []
    later: dict[Place, dict[UUID, datetime]] = {}
    for one in due:
        if one.is_throttled:
            by_place[one.place].append(one)
        else:
            units.append(_Unit(one, False, _served(sent.get(one.place, ()))))
    for place, waiting in by_place.items():
        leaving, later[place] = _of_place(place, waiting, sent.get(place, ()), at, factor)
        units += leaving
    return units, later


def _of_place(
    place: Place, waiting: Sequence[Due], sent: Sequence[Sent], at: datetime, factor: float
) -> tuple[list[_Unit], dict[UUID, datetime]]:
    """What may leave for one place, and until when the others wait."""
    ordered = sorted(waiting, key=lambda one: (-one.urgency, one.id))
    is_bundled, spent, served_at = place[0] in BUNDLED and factor > 0, list(sent), _served(sent)
    is_turn = is_bundled and any(one.has_waited for one in ordered)
    digest = [one for one in ordered if one.is_gathered] if place[0] in BUNDLED and not is_turn else []
    units: list[_Unit] = []
    later: dict[UUID, datetime] = {}
    for one in [one for one in ordered if not one.is_gathered] if digest else ordered:
        free = free_at(place[0], spent, urgency=one.urgency, at=at, factor=factor)
        if free > at:
            later[one.id] = free
            continue
        if is_turn:
            company = tuple(other.id for other in ordered if other is not one)
            return [_Unit(one, not spent, served_at, company)], {}
        # Where nothing was sent, nothing was kept waiting.
        units.append(_Unit(one, not spent, served_at, () if is_bundled and sent and not units else None))
        spent.append(Sent(at, one.urgency))
    if digest:
        lead, *others = digest
        free = free_at(place[0], spent, urgency=lead.urgency, at=at, factor=factor)
        if free > at:
            later |= {one.id: free for one in digest}
        else:
            units.append(_Unit(lead, not spent, served_at, tuple(one.id for one in others)))
    return units, later


def _served(sent: Sequence[Sent]) -> datetime | None:
    return max((one.at for one in sent), default=None)
