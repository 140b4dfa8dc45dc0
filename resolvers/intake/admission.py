"""May this come in? Asked at the door before a body is read, and again once it is known how many events it has.

Where nothing is limited, asking costs a look into a dict. What is limited is counted in `core/allowance.py`. Tocsin's
own errors do not come this way.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from core.allowance import LARGEST_BLOCK, Allowances
from core.clock import Clock
from core.db import Database
from core.pace import Pace
from core.settings import DEAREST, Settings
from domain.access import Actor, ActorKind, Scope
from domain.admission import HOUR_S, MINUTE_S, DropReason, Endpoint
from domain.errors import LimitExceeded
from domain.project import Plan
from domain.quota import Purse, endpoint_limit, hourly_quota
from resolvers.intake.destination import Destination
from resolvers.intake.drops import Drops
from resolvers.intake.usual import Usual
from resolvers.intake.writer import Writer

_RETRY_AFTER_S = 2.0
# As much as the dearest operation costs, so that few of them wait for Valkey.
_BLOCK_OF_COST = DEAREST


@dataclass(frozen=True, slots=True)
class _Bound:
    """One limit: what it is called in Valkey, how many in how long, and what is said where it is used up."""

    name: str
    limit: int
    window_s: int
    reason: DropReason
    message: str


class Admission:
    """The limits of one process, and what it turned away."""

    def __init__(self, settings: Settings, clock: Clock, writer: Writer, db: Database) -> None:
        assert settings.redis_url is not None
        self.drops = Drops(clock)
        self.usual = Usual(settings, db)
        self.allowances = Allowances(settings.redis_url, clock.now)
        self._settings = settings
        self._pace = Pace(settings.slow_after_ms / 1000)
        self._clock = clock
        self._writer = writer
        self._calls = {
            Endpoint.SINGLE: settings.single_per_minute,
            Endpoint.BATCH: settings.batch_per_minute,
            Endpoint.LIST: settings.list_per_minute,
            Endpoint.DETAIL: settings.detail_per_minute,
        }

    async def knock(self, actor: Actor, endpoint: Endpoint) -> None:
        """Return if a report may be read: this call is within its limit, and none is known to be used up.

        A call that is refused counts as one event turned away, as nobody knows how many it has.

        Raises: PermissionDenied, LimitExceeded.
        """
        actor.require(Scope.INGEST)
        try:
            self._refuse_full_queue()
            await self.call(actor, endpoint)
            for bound in self._bounds(actor, self._destination(actor)):
                if self.allowances.wait_s(bound.name, bound.window_s):
                    raise self._refusal(bound)
        except LimitExceeded as refusal:
            self.count(actor, DropReason(refusal.reason))
            raise

    @contextmanager
    def under_way(self, actor: Actor, project: object = None, *, events: int = 1) -> Iterator[None]:
        """Be one of the requests whose reports are read and stored, within the block; their bodies have come by then.

        Raises: LimitExceeded where as many are under way as can be answered soon.
        """
        end = self._pace.begin()
        if end is None:
            self.count(actor, DropReason.QUEUE_FULL, project, events=events)
            raise self._slow()
        try:
            yield
        finally:
            end()

    async def call(self, actor: Actor, endpoint: Endpoint, count: int = 1) -> None:
        """Return if the actor may make so many more such calls this minute.

        Raises: LimitExceeded.
        """
        limit = endpoint_limit(self._plan(actor), self._calls[endpoint])
        if limit and actor.kind is not ActorKind.ANONYMOUS:
            word = endpoint.value
            bound = _Bound(
                f"{word}:{actor.id}",
                limit,
                MINUTE_S,
                DropReason.ENDPOINT_LIMIT,
                f"At most {limit:,} calls of this kind ({word}) a minute.",
            )
            await self._take_all(bound, count)

    async def spend(self, actor: Actor, cost: int) -> Purse | None:
        """What is left to the actor this minute after an operation of that cost; none where that is not bounded.

        Strangers are told nothing that costs, and share no purse: else one could empty it for all.

        Raises: LimitExceeded where too little is left.
        """
        limit = self._settings.cost_per_minute
        if not limit or actor.id is None:
            return None
        message = f"At most {limit:,} values a minute; this operation asks for {cost:,}."
        bound = _Bound(f"cost:{actor.id}", limit, MINUTE_S, DropReason.ENDPOINT_LIMIT, message)
        await self._take_all(bound, cost, block=_BLOCK_OF_COST)
        return self.purse(actor)

    def purse(self, actor: Actor) -> Purse | None:
        """What is left to the actor this minute, as far as is known here; none where that is not bounded."""
        limit = self._settings.cost_per_minute
        if not limit or actor.id is None:
            return None
        left = self.allowances.left(f"cost:{actor.id}", limit, MINUTE_S)
        return Purse(limit, left, ceil(self._wait_s(MINUTE_S)))

    async def health(self, address: str) -> None:
        """Return if the address may ask after the health once more this minute.

        Raises: LimitExceeded.
        """
        if limit := self._settings.health_per_minute:
            message = f"At most {limit:,} questions after the health a minute."
            await self._take_all(_Bound(f"health:{address}", limit, MINUTE_S, DropReason.ENDPOINT_LIMIT, message), 1)

    async def admit(self, actor: Actor, project_id: UUID, count: int) -> tuple[int, LimitExceeded | None]:
        """How many of so many events may be stored, and where that is not all of them, why; the rest are counted."""
        bounds = self._bounds(actor, self._writer.destinations.known(project_id))
        return await self._admit(project_id, bounds, count) if bounds else (count, None)

    def count(self, actor: Actor, reason: DropReason, project: object = None, *, events: int = 1) -> None:
        """Count events that were turned away, where it is known for which project they were meant."""
        if project is None:
            project_id = _only_project(actor)
        else:
            named = self._writer.destinations.named(project)
            project_id = named.project_id if named else None
        if project_id is not None and actor.sees(project_id):
            self.drops.add(project_id, reason, events)

    async def close(self) -> None:
        """Return what is left of the limits, and leave no connection open."""
        await self.allowances.close()

    def quota(self, plan: Plan, own: int | None) -> int:
        """How many events an hour a project of the plan may log, of which it has set so many; 0 for any number."""
        settings = self._settings
        return hourly_quota(plan, own, free=settings.free_quota_per_hour, pro=settings.pro_quota_per_hour)

    async def _admit(self, project_id: UUID, bounds: Sequence[_Bound], count: int) -> tuple[int, LimitExceeded | None]:
        admitted, refusal = count, None
        taken: list[tuple[_Bound, int]] = []
        for bound in bounds:
            got = await self.allowances.take(bound.name, bound.limit, bound.window_s, admitted)
            taken.append((bound, got))
            if got < admitted:
                self.drops.add(project_id, bound.reason, admitted - got)
                admitted, refusal = got, self._refusal(bound)
        for bound, got in taken:
            if got > admitted:
                self.allowances.give_back(bound.name, bound.window_s, got - admitted)
        return admitted, refusal

    def _bounds(self, actor: Actor, destination: Destination | None) -> list[_Bound]:
        """The limits for events, the narrower window first."""
        bounds: list[_Bound] = []
        if limit := actor.rate_limit_per_minute:
            message = f"The ingest key may log {limit:,} events a minute."
            bounds.append(_Bound(f"key:{actor.id}", limit, MINUTE_S, DropReason.KEY_LIMIT, message))
        if destination is None or actor.kind is ActorKind.SYSTEM:
            return bounds
        quota = self.quota(destination.plan, destination.hourly_quota)
        cap = self.usual.cap(destination.project_id) if destination.spike_protection else 0
        name = f"project:{destination.project_id}" if cap or quota else ""
        if cap and (not quota or cap < quota):
            message = f"Spike protection: {cap:,} events an hour are let in, which is far more than is usual."
            bounds.append(_Bound(name, cap, HOUR_S, DropReason.SPIKE, message))
        elif quota:
            message = f"The project's quota of {quota:,} events an hour is used up."
            bounds.append(_Bound(name, quota, HOUR_S, DropReason.QUOTA, message))
        return bounds

    def _plan(self, actor: Actor) -> Plan:
        """The largest plan of the projects that the actor sees; those who see all are not limited."""
        if actor.project_ids is None:
            return Plan.ENTERPRISE
        known = (self._writer.destinations.known(project_id) for project_id in actor.project_ids)
        plans = {destination.plan if destination else Plan.ENTERPRISE for destination in known}
        return next((plan for plan in (Plan.ENTERPRISE, Plan.PRO) if plan in plans), Plan.FREE)

    def _destination(self, actor: Actor) -> Destination | None:
        """The actor's only project, as far as it is known here."""
        project_id = _only_project(actor)
        return self._writer.destinations.known(project_id) if project_id else None

    @staticmethod
    def _slow() -> LimitExceeded:
        return LimitExceeded("Reports take long enough already (TOCSIN_SLOW_AFTER_MS); try again.", _RETRY_AFTER_S)

    def _refuse_full_queue(self) -> None:
        if self._pace.is_full:
            raise self._slow()
        events, size = self._writer.depth
        if events >= self._settings.writer_queue_events or size >= self._settings.writer_queue_bytes:
            raise LimitExceeded("More errors are waiting than may wait; try again.", _RETRY_AFTER_S)

    async def _take_all(self, bound: _Bound, count: int, *, block: int = LARGEST_BLOCK) -> None:
        got = await self.allowances.take(bound.name, bound.limit, bound.window_s, count, block=block)
        if got < count:
            self.allowances.give_back(bound.name, bound.window_s, got)
            raise self._refusal(bound)

    def _refusal(self, bound: _Bound) -> LimitExceeded:
        return LimitExceeded(bound.message, ceil(self._wait_s(bound.window_s)), reason=bound.reason, limit=bound.limit)

    def _wait_s(self, window_s: int) -> float:
        return window_s - self._clock.now().timestamp() % window_s


def _only_project(actor: Actor) -> UUID | None:
    """The project that all of the actor's reports are for, if there is but one."""
    return next(iter(actor.project_ids)) if actor.project_ids is not None and len(actor.project_ids) == 1 else None
