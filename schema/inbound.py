"""How a project's filters and sampling look from outside."""

from collections.abc import Sequence
from typing import Any, Self

import strawberry

from domain import inbound
from domain.event import Severity


@strawberry.type(
    description="Which reports a project turns away as FILTERED. Patterns have `*` and `?`; case does not count."
)
class InboundFilters:
    """Which reports a project turns away."""

    messages: list[str] = strawberry.field(description="Patterns of messages, also as `Type: message`.")
    releases: list[str] = strawberry.field(description="Patterns of releases.")
    environments: list[str] = strawberry.field(description="Patterns of environments.")
    browser_extensions: bool = strawberry.field(description="Those whose stack has code of a browser extension.")
    web_crawlers: bool = strawberry.field(description="Those whose visitor was a search engine or another robot.")
    localhost: bool = strawberry.field(description="Those of pages and requests of the developer's own machine.")

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The filters that are stored."""
        filters = inbound.filters_from_json(stored)
        return cls(
            messages=list(filters.messages),
            releases=list(filters.releases),
            environments=list(filters.environments),
            browser_extensions=filters.browser_extensions,
            web_crawlers=filters.web_crawlers,
            localhost=filters.localhost,
        )


@strawberry.type(description="Of the reports that fit, a share is kept. The first rule that fits decides.")
class SamplingRule:
    """Of the reports that fit, a share is kept."""

    rate: float = strawberry.field(description="The share that is kept, from 0 to 1.")
    severities: list[Severity] = strawberry.field(description="Of these severities; empty for all.")
    messages: list[str] = strawberry.field(description="Patterns of messages; empty for all.")
    releases: list[str] = strawberry.field(description="Patterns of releases; empty for all.")
    environments: list[str] = strawberry.field(description="Patterns of environments; empty for all.")

    @classmethod
    def list_from_json(cls, stored: Sequence[dict[str, Any]]) -> list[Self]:
        """The rules that are stored."""
        return [
            cls(
                rate=rule.rate,
                severities=list(rule.severities),
                messages=list(rule.messages),
                releases=list(rule.releases),
                environments=list(rule.environments),
            )
            for rule in inbound.rules_from_json(stored)
        ]


def _patterns(description: str) -> Any:
    return strawberry.field(default_factory=list, description=description)


@strawberry.input(description="All that a project turns away; what is left out it lets in.")
class InboundFiltersInput:
    """All that a project turns away."""

    messages: list[str] = _patterns("Patterns of messages, at most 100 of 500 characters.")
    releases: list[str] = _patterns("Patterns of releases, at most 100.")
    environments: list[str] = _patterns("Patterns of environments, at most 100.")
    browser_extensions: bool = strawberry.field(
        default=False, description="Those whose stack has code of a browser extension."
    )
    web_crawlers: bool = strawberry.field(
        default=False, description="Those whose visitor was a search engine or another robot."
    )
    localhost: bool = strawberry.field(
        default=False, description="Those of pages and requests of the developer's own machine."
    )

    def filters(self) -> inbound.InboundFilters:
        """What was given."""
        return inbound.InboundFilters(
            tuple(self.messages),
            tuple(self.releases),
            tuple(self.environments),
            self.browser_extensions,
            self.web_crawlers,
            self.localhost,
        )


@strawberry.input(description="Of the reports that fit, a share is kept; what is left out fits all.")
class SamplingRuleInput:
    """Of the reports that fit, a share is kept."""

    rate: float = strawberry.field(description="The share that is kept, from 0 (none) to 1 (all).")
    severities: list[Severity] = strawberry.field(default_factory=list, description="Of these severities.")
    messages: list[str] = _patterns("Patterns of messages, at most 20.")
    releases: list[str] = _patterns("Patterns of releases, at most 20.")
    environments: list[str] = _patterns("Patterns of environments, at most 20.")

    def rule(self) -> inbound.SamplingRule:
        """What was given."""
        return inbound.SamplingRule(
            self.rate,
            tuple(self.severities),
            tuple(self.messages),
            tuple(self.releases),
            tuple(self.environments),
        )
