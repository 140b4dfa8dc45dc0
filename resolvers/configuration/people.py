"""What a configuration file may say of people, and of what is theirs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from pydantic import Field, model_validator

from domain.access import Role
from domain.configuration import Kind, Reference
from domain.contact import Importance, check_value
from domain.event import Severity
from domain.notification import Channel
from domain.project import Plan
from resolvers.configuration.parts import Email, Emails, NamedPart, Names, Part, QuietHoursPart, Timezone, refused_here


class ContactMethodPart(Part):
    """A way to reach somebody, its value as it is stored."""

    channel: Channel
    value: str

    @model_validator(mode="before")
    @classmethod
    def _as_stored(cls, said: Any) -> Any:
        match said:
            case {"channel": str(channel), "value": str(value)} if channel in set(Channel):
                with refused_here():
                    return {**said, "value": check_value(Channel(channel), value)}
        return said


class NotificationRulePart(Part):
    """How somebody wants to be told of what."""

    channel: Channel
    min_severity: Severity
    importance: Importance = Importance.NORMAL
    delay: timedelta = timedelta()
    quiet_hours: QuietHoursPart | None = None
    digest_every: timedelta | None = None


class DeveloperPart(NamedPart):
    """A person, known by their mail address."""

    kind_of_thing = Kind.DEVELOPER
    key = "email"
    refers: ClassVar[dict[str, Kind]] = {"manager": Kind.DEVELOPER}

    email: Email
    name: str
    role: Role = Role.DEVELOPER
    timezone: Timezone = "UTC"
    services: Names = Field(default_factory=list)
    max_load: int = 0
    manager: Email | None = None
    contact_methods: list[ContactMethodPart] = Field(default_factory=list)
    notification_rules: list[NotificationRulePart] = Field(default_factory=list)


class TagPatternPart(Part):
    """A tag, and the pattern of its value."""

    key: str
    value: str


class OwnershipRulePart(Part):
    """What belongs to a team, or to developers."""

    team: str | None = None
    developers: list[Email] = Field(default_factory=list)
    path: str | None = None
    tag: TagPatternPart | None = None
    service: str | None = None


class ProjectPart(NamedPart):
    """A project."""

    kind_of_thing = Kind.PROJECT
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


class TeamPart(NamedPart):
    """A team."""

    kind_of_thing = Kind.TEAM
    key = "slug"
    refers: ClassVar[dict[str, Kind]] = {
        "lead": Kind.DEVELOPER, "members": Kind.DEVELOPER, "projects": Kind.PROJECT,
    }  # fmt: skip

    slug: str
    name: str
    lead: Email | None = None
    members: Emails = Field(default_factory=list)
    projects: Names = Field(default_factory=list)
