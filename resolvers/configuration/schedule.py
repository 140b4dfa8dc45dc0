"""What a configuration file may say of schedules: who takes turns, and who is on call otherwise for a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from domain.configuration import Kind, Reference, Thing, name_override
from domain.schedule.definition import RotationKind
from domain.schedule.settings import EARLIEST, LATEST, check_override, check_span
from domain.zone import instant_of
from resolvers.configuration.parts import Email, NamedPart, Names, Part, Refused, Stated, Timezone, refused_here


def _in_our_time(at: datetime) -> datetime:
    """It, if it can be reckoned with in each zone."""
    if not EARLIEST.year <= at.year < LATEST.year:
        raise ValueError(f"must be from {EARLIEST.year} on and before {LATEST.year}")
    return at


# An instant, or what clocks on the wall show, where it has no offset.
WallTime = Annotated[datetime, AfterValidator(_in_our_time)]
Days = Annotated[list[int], AfterValidator(lambda days: sorted(set(days)))]


class RotationPart(Part):
    """People who take turns in a schedule."""

    name: str
    kind: RotationKind
    length: int = 1
    starts_at: WallTime
    active_days: Days = Field(default_factory=list)
    active_from: str | None = None
    active_until: str | None = None
    participants: list[Email]


class OverridePart(Part):
    """Somebody who is on call besides, is not, or is so in another's place, for a while."""

    start: WallTime
    end: WallTime
    add: Email | None = None
    remove: Email | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.add == self.remove:
            raise ValueError("name whom to `add`, whom to `remove`, or one to `add` in place of another to `remove`")
        with refused_here():
            check_override({"note": self.note})
        return self


class SchedulePart(NamedPart):
    """A schedule, with all its rotations, and with overrides."""

    kind_of_thing = Kind.SCHEDULE
    refers: ClassVar[dict[str, Kind]] = {"team": Kind.TEAM}

    name: str
    timezone: Timezone = "UTC"
    services: Names = Field(default_factory=list)
    team: str | None = None
    rotations: list[RotationPart] = Field(default_factory=list)
    overrides: list[OverridePart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [rotation.name for rotation in self.rotations]
        if len(set(names)) < len(names):
            raise ValueError("two rotations have the same name")
        return self

    @model_validator(mode="after")
    def _has_clocks(self) -> Self:
        """What a file means does not depend on what stands, so the zone must be in it where it is needed."""
        for at, *path in self._times():
            if at.tzinfo is None and "timezone" not in self.model_fields_set:
                raise Refused("without an offset it is by the schedule's clocks: say its `timezone` too", *path)
        return self

    @model_validator(mode="after")
    def _has_spans(self) -> Self:
        """One that looks like a span by the clocks may be none, where they are moved."""
        for index, override in enumerate(self.overrides):
            with refused_here("overrides", str(index)):
                check_span(self.instant(override.start), self.instant(override.end))
        return self

    def _times(self) -> Iterator[tuple[datetime, str, str, str]]:
        """Each time in it, and where."""
        for index, rotation in enumerate(self.rotations):
            yield rotation.starts_at, "rotations", str(index), "startsAt"
        for index, override in enumerate(self.overrides):
            yield override.start, "overrides", str(index), "start"
            yield override.end, "overrides", str(index), "end"

    def instant(self, at: datetime) -> datetime:
        """The instant in UTC: by the schedule's clocks where it has no offset."""
        return instant_of(at, ZoneInfo(self.timezone)) if at.tzinfo is None else at.astimezone(UTC)

    def thing(self) -> Thing:
        """It, as it is compared with what stands."""
        fields = self.given()
        fields.pop("overrides", None)
        for rotation in fields.get("rotations", ()):
            rotation["starts_at"] = self.instant(rotation["starts_at"])
        return Thing(self.kind_of_thing, fields.pop(self.key), fields)

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        yield from super().references(path)
        for index, rotation in enumerate(self.rotations):
            for name in rotation.participants:
                yield Reference(Kind.DEVELOPER, name, f"{path}.rotations.{index}.participants")

    def stated(self, path: str) -> Iterator[tuple[str, Stated]]:
        """The schedule, and each of its overrides, and where."""
        yield path, self
        for index, override in enumerate(self.overrides):
            yield f"{path}.overrides.{index}", OverrideOf(self, override)


@dataclass(frozen=True, slots=True)
class OverrideOf:
    """An override of a schedule, known by its span and by whom it adds and removes."""

    schedule: SchedulePart
    override: OverridePart

    def thing(self) -> Thing:
        """It, as it is compared with what stands."""
        said = self.override
        place: dict[str, Any] = {
            "schedule": self.schedule.name,
            "starts_at": self.schedule.instant(said.start),
            "ends_at": self.schedule.instant(said.end),
            "add": said.add,
            "remove": said.remove,
        }
        fields = {"note": said.note or None} if "note" in said.model_fields_set else {}
        return Thing(Kind.OVERRIDE, name_override(**place), fields, place)

    def references(self, path: str) -> Iterator[Reference]:
        """Whom it adds and removes, and where."""
        for field, name in (("add", self.override.add), ("remove", self.override.remove)):
            if name is not None:
                yield Reference(Kind.DEVELOPER, name, f"{path}.{field}")

    def is_over(self, at: datetime) -> bool:
        """Whether its span has passed, so that it cannot be made any more, nor need be."""
        return self.schedule.instant(self.override.end) <= at
