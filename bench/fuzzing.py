"""Does any dialect break, or turn away what could be saved? Ten thousand inputs each, the same ones in every run."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from bench.sdk_events import plain_envelopes
from tests.support.fuzz.dialects import Dialect, dialects
from tests.support.fuzz.outcome import outcome

_INPUTS = 10_000
_ENVELOPES = 8
_LONGEST_SHOWN = 2000
_REPRODUCIBLY = settings(
    max_examples=_INPUTS,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


def measure() -> Iterator[str]:
    """A table, line by line as it becomes known.

    Raises: AssertionError at its end, where an input of any dialect broke something or was wrongly refused.
    """
    yield "| dialect | inputs | reports | refused | why | seconds |\n|---|--:|--:|--:|---|--:|"
    broken: list[str] = []
    for dialect in dialects(plain_envelopes(_ENVELOPES)):
        counts, took, failure = _run(dialect)
        yield f"| {dialect.name} | {_row(counts)} | {took:.0f} |"
        broken += failure
    assert not broken, "\n\n".join(broken)


def _row(counts: Counter[int | str]) -> str:
    refused = Counter({why: count for why, count in counts.items() if isinstance(why, str)})
    reports = sum(made * count for made, count in counts.items() if isinstance(made, int))
    reasons = "; ".join(f"{why} ({count:,})" for why, count in refused.most_common())
    return f"{counts.total():,} | {reports:,} | {refused.total():,} | {reasons}"


def _run(dialect: Dialect) -> tuple[Counter[int | str], float, list[str]]:
    """What became of the inputs, how long that took, and of the input that broke something, if one did."""
    counts: Counter[int | str] = Counter()
    last: list[Any] = []

    @_REPRODUCIBLY
    @given(dialect.inputs)
    def every(sent: Any) -> None:
        last[:] = [sent]
        counts[outcome(dialect, sent)] += 1

    began = time.monotonic()
    try:
        every()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        return counts, time.monotonic() - began, [f"{dialect.name}: {error!r}\n{repr(last[0])[:_LONGEST_SHOWN]}"]
    return counts, time.monotonic() - began, []
