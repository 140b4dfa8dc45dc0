"""A project's rules of grouping, as they are set and shown."""

from typing import Self

import strawberry

from domain import rules

_PATTERN = "the whole of it: `*` stands for any characters, `?` for one"
_PATH = f"Passes a frame by its file, {_PATTERN}; folders are parted by `/`."


@strawberry.type(description="Events that pass every pattern given have this fingerprint; the first such rule decides.")
class FingerprintRule:
    """Events that pass every pattern given have this fingerprint."""

    error_type: str | None = strawberry.field(description="The type of the event, or of an exception in it.")
    path: str | None = strawberry.field(description="The file of one of its frames.")
    message: str | None = strawberry.field(description="Its message, or that of an exception in it.")
    service: str | None = strawberry.field(description="What reported it.")
    fingerprint: list[str] = strawberry.field(
        description="What such events have in common; `{{ default }}` stands for the computed key."
    )


@strawberry.type(description="Frames that pass every pattern given are your own code, or are not; the first decides.")
class InAppRule:
    """Frames that pass every pattern given are the application's own code, or are not."""

    path: str | None = strawberry.field(description="The file of the frame.")
    module: str | None = strawberry.field(description="Its module, class or package.")
    in_app: bool = strawberry.field(description="Whether such a frame is your own code.")


@strawberry.type(description="A project's own rules of grouping, in the order in which they are tried.")
class GroupingRules:
    """A project's own rules of grouping."""

    fingerprint: list[FingerprintRule] = strawberry.field(description="Which events are one issue.")
    in_app: list[InAppRule] = strawberry.field(description="Which code is your own.")

    @classmethod
    def from_domain(cls, found: rules.GroupingRules) -> Self:
        """The rules as they are set."""
        return cls(
            fingerprint=[
                FingerprintRule(
                    error_type=rule.error_type,
                    path=rule.path,
                    message=rule.message,
                    service=rule.service,
                    fingerprint=list(rule.fingerprint),
                )
                for rule in found.fingerprint
            ],
            in_app=[InAppRule(path=rule.path, module=rule.module, in_app=rule.in_app) for rule in found.in_app],
        )


@strawberry.input(
    description="Events that pass every pattern given, at least one, have this fingerprint, not that of the reporter."
)
class FingerprintRuleInput:
    """Events that pass every pattern given have this fingerprint."""

    fingerprint: list[str] = strawberry.field(
        description="1 to 20 parts of at most 500 characters; `{{ default }}` stands for the computed key."
    )
    error_type: str | None = strawberry.field(
        default=None, description=f"Passes the type of the event, or of an exception in it, {_PATTERN}."
    )
    path: str | None = strawberry.field(default=None, description=_PATH)
    message: str | None = strawberry.field(
        default=None, description=f"Passes the message of the event, or of an exception in it, {_PATTERN}."
    )
    service: str | None = strawberry.field(default=None, description=f"Passes what reported it, {_PATTERN}.")


@strawberry.input(description="Frames that pass every pattern given, at least one, are your own code, or are not.")
class InAppRuleInput:
    """Frames that pass every pattern given are the application's own code, or are not."""

    in_app: bool = strawberry.field(description="Whether such a frame is your own code.")
    path: str | None = strawberry.field(default=None, description=_PATH)
    module: str | None = strawberry.field(default=None, description=f"Passes its module, class or package, {_PATTERN}.")


@strawberry.input(
    description="All rules of grouping of a project: at most 50 of each kind, the first that fits decides."
)
class GroupingRulesInput:
    """All rules of grouping of a project."""

    fingerprint: list[FingerprintRuleInput] = strawberry.field(
        default_factory=list, description="Which events are one issue."
    )
    in_app: list[InAppRuleInput] = strawberry.field(default_factory=list, description="Which code is your own.")

    def to_domain(self) -> rules.GroupingRules:
        """The rules as they were given."""
        return rules.GroupingRules(
            fingerprint=tuple(
                rules.FingerprintRule(tuple(rule.fingerprint), rule.error_type, rule.path, rule.message, rule.service)
                for rule in self.fingerprint
            ),
            in_app=tuple(rules.InAppRule(rule.in_app, rule.path, rule.module) for rule in self.in_app),
        )
