"""How much may come in by whom, and why something was turned away."""

from enum import StrEnum

MINUTE_S, HOUR_S = 60, 3600


class Endpoint(StrEnum):
    """What a call does, as far as it decides how often it may be made."""

    SINGLE = "SINGLE"
    BATCH = "BATCH"
    LIST = "LIST"
    DETAIL = "DETAIL"
    HEALTH = "HEALTH"


class DropReason(StrEnum):
    """Why an event was turned away."""

    KEY_LIMIT = "KEY_LIMIT"
    ENDPOINT_LIMIT = "ENDPOINT_LIMIT"
    QUOTA = "QUOTA"
    SPIKE = "SPIKE"
    FILTERED_MESSAGE = "FILTERED_MESSAGE"
    FILTERED_RELEASE = "FILTERED_RELEASE"
    FILTERED_ENVIRONMENT = "FILTERED_ENVIRONMENT"
    FILTERED_BROWSER_EXTENSION = "FILTERED_BROWSER_EXTENSION"
    FILTERED_WEB_CRAWLER = "FILTERED_WEB_CRAWLER"
    FILTERED_LOCALHOST = "FILTERED_LOCALHOST"
    SAMPLED = "SAMPLED"
    TOO_LARGE = "TOO_LARGE"
    INVALID = "INVALID"
    QUEUE_FULL = "QUEUE_FULL"


# What a project's owner did not ask for, and is told: the rest was wrong, or is what they have set.
TOLD = (DropReason.QUOTA, DropReason.SPIKE, DropReason.KEY_LIMIT, DropReason.ENDPOINT_LIMIT, DropReason.QUEUE_FULL)
