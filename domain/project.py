"""What a project is allowed, and what may be said of it."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from domain.errors import InvalidInput
from domain.inbound import InboundFilters, SamplingRule, check_filters, check_sampling
from domain.kept import check_max_events
from domain.ownership import OwnershipRule, check_ownership
from domain.rules import GroupingRules, check_rules
from domain.text import lines, one_line, slug, whole_number

INTERNAL = "tocsin"
MOST_REDACT_KEYS = 200
SHORTEST_REDACT_KEY = 3
LONGEST_RETENTION_DAYS = 3650
LARGEST_QUOTA = 1_000_000_000
_DAY = timedelta(days=1)


class Plan(StrEnum):
    """How much a project may log."""

    FREE = "FREE"
    PRO = "PRO"
    ENTERPRISE = "ENTERPRISE"


class ProjectSettings(TypedDict, total=False):
    """What can be set of a project; what is left out stays as it is. The slug is given once."""

    slug: str
    name: str
    plan: Plan
    retention: timedelta
    max_events: int | None
    redact_keys: list[str]
    grouping_rules: GroupingRules
    owner_id: UUID | None
    hourly_quota: int | None
    spike_protection: bool
    inbound_filters: InboundFilters
    sampling_rules: Sequence[SamplingRule]
    ownership_rules: Sequence[OwnershipRule]


def check_settings(settings: ProjectSettings) -> ProjectSettings:
    """The settings as they are stored: texts trimmed, keys each once.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "slug" in settings:
        checked["slug"] = slug(settings["slug"], "slug")
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    if "retention" in settings:
        retention_days(settings["retention"])
    if "max_events" in settings:
        check_max_events(settings["max_events"])
    if "redact_keys" in settings:
        checked["redact_keys"] = _check_redact_keys(settings["redact_keys"])
    if settings.get("hourly_quota") is not None:
        checked["hourly_quota"] = whole_number(settings["hourly_quota"], "hourlyQuota", most=LARGEST_QUOTA)
    _check_rules(settings, checked)
    return checked


def _check_rules(settings: ProjectSettings, checked: ProjectSettings) -> None:
    if "grouping_rules" in settings:
        checked["grouping_rules"] = check_rules(settings["grouping_rules"])
    if "inbound_filters" in settings:
        checked["inbound_filters"] = check_filters(settings["inbound_filters"])
    if "sampling_rules" in settings:
        checked["sampling_rules"] = check_sampling(settings["sampling_rules"])
    if "ownership_rules" in settings:
        checked["ownership_rules"] = check_ownership(settings["ownership_rules"])


def retention_days(retention: timedelta) -> int:
    """How many days events are kept.

    Raises: InvalidInput unless they are whole days within bounds.
    """
    days, rest = divmod(retention, _DAY)
    if rest or not 1 <= days <= LONGEST_RETENTION_DAYS:
        raise InvalidInput(f"`retention` must be whole days, P1D to P{LONGEST_RETENTION_DAYS}D.", ("retention",))
    return days


def _check_redact_keys(words: list[str]) -> list[str]:
    """The words, each long enough not to stand in every other name.

    Raises: InvalidInput.
    """
    checked = lines(words, "redactKeys", most=MOST_REDACT_KEYS)
    for word in checked:
        if sum(letter.isalnum() for letter in word) < SHORTEST_REDACT_KEY:
            raise InvalidInput(f"`redactKeys`: each needs {SHORTEST_REDACT_KEY} letters or digits.", ("redactKeys",))
    return checked
