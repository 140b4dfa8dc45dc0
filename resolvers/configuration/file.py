"""What a configuration file may say: every field by the name and with the meaning that the API has for it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from domain.access import Role
from domain.alert import AlertTrigger
from domain.configuration import Kind, Reference, Thing
from domain.contact import Importance, check_value
from domain.errors import InvalidInput
from domain.event import Severity
from domain.notification import Channel
from domain.policy import TargetKind
from domain.project import Plan
from domain.schedule.definition import RotationKind

_MOST_SAID = 20


def _once(values: list[str]) -> list[str]:
    return sorted(set(values))


def _instant(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _in_order(values: list[Any]) -> list[Any]:
    """Each once, where it is first."""
    return [value for place, value in enumerate(values) if value not in values[:place]]


Email = Annotated[str, AfterValidator(str.lower)]
Names = Annotated[list[str], AfterValidator(_once)]
Emails = Annotated[list[Email], AfterValidator(_once)]
Instant = Annotated[datetime, AfterValidator(_instant)]
Channels = Annotated[list[Channel], AfterValidator(_in_order)]
Days = Annotated[list[int], AfterValidator(lambda days: sorted(set(days)))]


class _Part(BaseModel):
    """A part of the file, in which nothing may stand that means nothing."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True, str_strip_whitespace=True)

    def given(self) -> dict[str, Any]:
        """What the file says of it; parts in it are whole, with what they are without being told."""
        return {name: _plain(getattr(self, name)) for name in type(self).model_fields if name in self.model_fields_set}


class _Thing(_Part):
    """A part that is known by a name."""

    kind: ClassVar[Kind]
    key: ClassVar[str] = "name"
    refers: ClassVar[dict[str, Kind]] = {}

    def thing(self) -> Thing:
        """It, as it is compared with what stands."""
        fields = self.given()
        return Thing(self.kind, fields.pop(self.key), fields)

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        for field, kind in self.refers.items():
            value = getattr(self, field)
            for name in value if isinstance(value, list) else [value]:
                if name is not None:
                    yield Reference(kind, name, f"{path}.{to_camel(field)}")


class QuietHoursPart(_Part):
    """A span of each day."""

    start: str
    end: str
    timezone: str | None = None
    except_critical: bool = True


class ContactMethodPart(_Part):
    """A way to reach somebody, its value as it is stored."""

    channel: Channel
    value: str

    @model_validator(mode="before")
    @classmethod
    def _as_stored(cls, said: Any) -> Any:
        match said:
            case {"channel": str(channel), "value": str(value)} if channel in set(Channel):
                try:
                    return {**said, "value": check_value(Channel(channel), value)}
                except InvalidInput as error:
                    raise ValueError(error.message) from error
        return said


class NotificationRulePart(_Part):
    """How somebody wants to be told of what."""

    channel: Channel
    min_severity: Severity
    importance: Importance = Importance.NORMAL
    delay: timedelta = timedelta()
    quiet_hours: QuietHoursPart | None = None
    digest_every: timedelta | None = None


class DeveloperPart(_Thing):
    """A person, known by their mail address."""

    kind = Kind.DEVELOPER
    key = "email"
    refers: ClassVar[dict[str, Kind]] = {"manager": Kind.DEVELOPER}

    email: Email
    name: str
    role: Role = Role.DEVELOPER
    timezone: str = "UTC"
    services: Names = Field(default_factory=list)
    max_load: int = 0
    manager: Email | None = None
    contact_methods: list[ContactMethodPart] = Field(default_factory=list)
    notification_rules: list[NotificationRulePart] = Field(default_factory=list)


class TagPatternPart(_Part):
    """A tag, and the pattern of its value."""

    key: str
    value: str


class OwnershipRulePart(_Part):
    """What belongs to a team, or to developers."""

    team: str | None = None
    developers: list[Email] = Field(default_factory=list)
    path: str | None = None
    tag: TagPatternPart | None = None
    service: str | None = None


class ProjectPart(_Thing):
    """A project."""

    kind = Kind.PROJECT
    key = "slug"
    refers: ClassVar[dict[str, Kind]] = {"owner": Kind.DEVELOPER}

    slug: str
    name: str
    plan: Plan = Plan.FREE
    retention: timedelta = timedelta()
    owner: Email | None = None
    ownership_rules: list[OwnershipRulePart] = Field(default_factory=list)

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        yield from super().references(path)
        for index, rule in enumerate(self.ownership_rules):
            at = f"{path}.ownershipRules.{index}"
            if rule.team is not None:
                yield Reference(Kind.TEAM, rule.team, f"{at}.team")
            yield from (Reference(Kind.DEVELOPER, name, f"{at}.developers") for name in rule.developers)


class TeamPart(_Thing):
    """A team."""

    kind = Kind.TEAM
    key = "slug"
    refers: ClassVar[dict[str, Kind]] = {
        "lead": Kind.DEVELOPER, "members": Kind.DEVELOPER, "projects": Kind.PROJECT,
    }  # fmt: skip

    slug: str
    name: str
    lead: Email | None = None
    members: Emails = Field(default_factory=list)
    projects: Names = Field(default_factory=list)


class RotationPart(_Part):
    """People who take turns in a schedule."""

    name: str
    kind: RotationKind
    length: int = 1
    starts_at: Instant
    active_days: Days = Field(default_factory=list)
    active_from: str | None = None
    active_until: str | None = None
    participants: list[Email]


class SchedulePart(_Thing):
    """A schedule, with all its rotations."""

    kind = Kind.SCHEDULE
    refers: ClassVar[dict[str, Kind]] = {"team": Kind.TEAM}

    name: str
    timezone: str = "UTC"
    services: Names = Field(default_factory=list)
    team: str | None = None
    rotations: list[RotationPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [rotation.name for rotation in self.rotations]
        if len(set(names)) < len(names):
            raise ValueError("two rotations have the same name")
        return self

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        yield from super().references(path)
        for index, rotation in enumerate(self.rotations):
            for name in rotation.participants:
                yield Reference(Kind.DEVELOPER, name, f"{path}.rotations.{index}.participants")


class TargetPart(_Part):
    """A developer, a schedule or a team: one of them."""

    developer: Email | None = None
    schedule: str | None = None
    team: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(name is not None for name in (self.developer, self.schedule, self.team)) != 1:
            raise ValueError("name a developer, a schedule or a team: one of them")
        return self

    @property
    def named(self) -> tuple[TargetKind, str]:
        """What it is, and its name."""
        kinds = {TargetKind.DEVELOPER: self.developer, TargetKind.SCHEDULE: self.schedule, TargetKind.TEAM: self.team}
        return next((kind, name) for kind, name in kinds.items() if name is not None)

    def reference(self, path: str) -> Reference:
        """What it names."""
        kind, name = self.named
        return Reference(KINDS[kind], name, path)


KINDS = {TargetKind.DEVELOPER: Kind.DEVELOPER, TargetKind.SCHEDULE: Kind.SCHEDULE, TargetKind.TEAM: Kind.TEAM}


class StepPart(_Part):
    """A step of a policy."""

    delay: timedelta
    targets: list[TargetPart]
    channels: Channels = Field(default_factory=list)


class PolicyPart(_Thing):
    """An escalation policy."""

    kind = Kind.POLICY
    refers: ClassVar[dict[str, Kind]] = {"team": Kind.TEAM}

    name: str
    team: str | None = None
    services: Names = Field(default_factory=list)
    repeat: int = 0
    steps: list[StepPart]

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        yield from super().references(path)
        for index, step in enumerate(self.steps):
            yield from (target.reference(f"{path}.steps.{index}.targets") for target in step.targets)


class FilterPart(_Part):
    """What an alert rule looks at."""

    services: Names = Field(default_factory=list)
    environments: Names = Field(default_factory=list)
    severities: Annotated[list[Severity], AfterValidator(_in_order)] = Field(default_factory=list)
    error_types: Names = Field(default_factory=list)
    tags: dict[str, str] = Field(default_factory=dict)


class AlertRulePart(_Thing):
    """An alert rule."""

    kind = Kind.ALERT_RULE
    refers: ClassVar[dict[str, Kind]] = {"project": Kind.PROJECT, "policy": Kind.POLICY}

    name: str
    trigger: AlertTrigger
    project: str | None = None
    is_enabled: bool = True
    threshold: float | None = None
    window: timedelta | None = None
    filter: FilterPart = FilterPart()
    policy: str | None = None
    recipients: Annotated[list[TargetPart], AfterValidator(_in_order)] = Field(default_factory=list)
    channels: Channels = Field(default_factory=list)
    cooldown: timedelta = timedelta()
    active_hours: QuietHoursPart | None = None
    template: str | None = None

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        yield from super().references(path)
        yield from (target.reference(f"{path}.recipients") for target in self.recipients)


class ConfigurationFile(_Part):
    """A whole file."""

    developers: list[DeveloperPart] = Field(default_factory=list)
    projects: list[ProjectPart] = Field(default_factory=list)
    teams: list[TeamPart] = Field(default_factory=list)
    schedules: list[SchedulePart] = Field(default_factory=list)
    policies: list[PolicyPart] = Field(default_factory=list)
    alert_rules: list[AlertRulePart] = Field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, _Thing]]:
        """Everything in it, and where it stands in the file."""
        lists: list[tuple[str, Sequence[_Thing]]] = [
            (to_camel(name), getattr(self, name)) for name in type(self).model_fields
        ]
        return [(f"{name}.{index}", part) for name, parts in lists for index, part in enumerate(parts)]

    @property
    def things(self) -> list[Thing]:
        """Everything in it."""
        return [part.thing() for _, part in self.parts]

    @property
    def references(self) -> list[Reference]:
        """All that is named in it."""
        return [reference for path, part in self.parts for reference in part.references(path)]


def read_configuration(value: object) -> ConfigurationFile:
    """The configuration that a document says, which YAML or JSON was read into.

    Raises: InvalidInput with a line for each thing that is wrong.
    """
    try:
        file = ConfigurationFile.model_validate({} if value is None else value)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        lines = [f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in wrong[:_MOST_SAID]]
        more = [f"and {len(wrong) - _MOST_SAID} more"] if len(wrong) > _MOST_SAID else []
        raise InvalidInput("\n".join([*lines, *more])) from error
    _refuse_twice(file)
    return file


def _refuse_twice(file: ConfigurationFile) -> None:
    seen: dict[tuple[Kind, str], str] = {}
    for path, part in file.parts:
        thing = part.thing()
        first = seen.setdefault((thing.kind, thing.name), path)
        if first != path:
            raise InvalidInput(f"{path}: the {thing.kind} {thing.name!r} is in {first} already.")


def _plain(value: Any) -> Any:
    """The value without our classes, so that it can be compared and shown."""
    if isinstance(value, TargetPart):
        return value.named
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
