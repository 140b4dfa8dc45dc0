"""How long people take, as it is told: of several spans, which one stands for all."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Times:
    """What several spans come to: their mean, and their median, between two of them where their number is even."""

    mean: timedelta
    median: timedelta


@dataclass(frozen=True, slots=True)
class Latency:
    """Within which span half of the messages had left, and 95 % of them: the least span of which that is true."""

    p50: timedelta
    p95: timedelta
