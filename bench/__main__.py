"""`make bench`: every figure, as a table; `python -m bench a c` only those named."""

import sys
from collections.abc import Callable

from bench import envelopes, fan_out, grouping, list_issues, log_errors, overload
from bench.report import Figure, show
from bench.stage import Stage, stage

_GROUPING = "grouping"
# What is measured on real servers: by which letters it is asked for.
_ON_STAGE: dict[str, Callable[[Stage], list[Figure]]] = {
    "abe": log_errors.measure,
    "f": lambda here: [envelopes.measure(here)],
    "g": lambda here: [overload.measure(here)],
    "c": lambda here: [fan_out.measure(here)],
    "d": lambda here: [list_issues.measure(here)],
}


def main() -> None:
    """Measure what was asked for, or everything."""
    asked = set(sys.argv[1:]) or {_GROUPING, *"abcdefg"}
    if _GROUPING in asked:
        print(grouping.measure())
    wanted = [measure for letters, measure in _ON_STAGE.items() if asked & set(letters)]
    if wanted:
        with stage() as here:
            print(show([figure for measure in wanted for figure in measure(here)]))


main()
