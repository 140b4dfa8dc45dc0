"""What a configuration file may say of whom an alert calls, and when."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from domain.alert import AlertTrigger
from domain.configuration import Kind, Reference
from domain.event import Severity
from domain.notification_template import check_text
from domain.policy import TargetKind
from resolvers.configuration.parts import (
    Channels,
    Email,
    NamedPart,
    Names,
    Part,
    QuietHoursPart,
    in_order,
    refused_here,
)
from resolvers.notification_template.words import check_template_of

KINDS = {TargetKind.DEVELOPER: Kind.DEVELOPER, TargetKind.SCHEDULE: Kind.SCHEDULE, TargetKind.TEAM: Kind.TEAM}


class TargetPart(Part):
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

    def plain(self) -> tuple[TargetKind, str]:
        """What it is, and its name: so it is compared and shown."""
        return self.named

    def reference(self, path: str) -> Reference:
        """What it names."""
        kind, name = self.named
        return Reference(KINDS[kind], name, path)


class StepPart(Part):
    """A step of a policy."""

    delay: timedelta
    targets: list[TargetPart]
    channels: Channels = Field(default_factory=list)


class PolicyPart(NamedPart):
    """An escalation policy."""

    kind_of_thing = Kind.POLICY
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


class FilterPart(Part):
    """What an alert rule looks at."""

    services: Names = Field(default_factory=list)
    environments: Names = Field(default_factory=list)
    severities: Annotated[list[Severity], AfterValidator(in_order)] = Field(default_factory=list)
    error_types: Names = Field(default_factory=list)
    tags: dict[str, str] = Field(default_factory=dict)


class AlertRulePart(NamedPart):
    """An alert rule."""

    kind_of_thing = Kind.ALERT_RULE
    refers: ClassVar[dict[str, Kind]] = {"project": Kind.PROJECT, "policy": Kind.POLICY}

    name: str
    trigger: AlertTrigger
    project: str | None = None
    is_enabled: bool = True
    threshold: float | None = None
    window: timedelta | None = None
    filter: FilterPart = FilterPart()
    policy: str | None = None
    recipients: Annotated[list[TargetPart], AfterValidator(in_order)] = Field(default_factory=list)
    channels: Channels = Field(default_factory=list)
    cooldown: timedelta = timedelta()
    active_hours: QuietHoursPart | None = None
    template: str | None = None

    @model_validator(mode="after")
    def _is_template(self) -> Self:
        if self.template is not None:
            with refused_here():
                check_text(self.template, "template")
                check_template_of("template", self.template)
        return self

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        yield from super().references(path)
        yield from (target.reference(f"{path}.recipients") for target in self.recipients)
