"""What a configuration file may say of the times within which issues are to be dealt with."""

from dataclasses import asdict
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import model_validator

from domain.configuration import Fields, Kind, Thing, name_targets
from domain.event import Severity
from domain.target import USUAL_WARN_AT, Target, check_targets
from resolvers.configuration.parts import NamedPart, Part, refused_here


class TargetPart(Part):
    """Within which time issues of a severity are to be acknowledged and resolved."""

    severity: Severity
    acknowledge_within: timedelta | None = None
    resolve_within: timedelta | None = None
    warn_at: float = USUAL_WARN_AT


class ResponseTargetsPart(NamedPart):
    """All targets of a project, or of all that have none of their own; known by the project."""

    kind_of_thing: ClassVar[Kind] = Kind.TARGETS
    refers: ClassVar[dict[str, Kind]] = {"project": Kind.PROJECT}

    project: str | None = None
    targets: list[TargetPart]

    @model_validator(mode="after")
    def _can_be_set(self) -> Self:
        with refused_here():
            check_targets(self._meant())
        return self

    def _meant(self) -> list[Target]:
        return [Target(**target.plain()) for target in self.targets]

    def thing(self) -> Thing:
        """They, as they are compared with what stands."""
        fields = targets_as_fields(check_targets(self._meant()))
        return Thing(self.kind_of_thing, name_targets(self.project), fields, {"project": self.project})


def targets_as_fields(targets: list[Target]) -> Fields:
    """What is said of targets, given the worst severity first."""
    return {"targets": [asdict(target) for target in targets]}
