"""`make bench`: every figure, as a table; `python -m bench a c` only those named."""

import sys
from collections.abc import Callable

from bench import (
    alert_storm,
    envelopes,
    fan_out,
    fuzzing,
    grouping,
    kills,
    list_issues,
    log_errors,
    many_processes,
    memory,
    overload,
)
from bench.report import Figure, plot, show
from bench.stage import Stage, stage

_GROUPING, _FUZZING, _MEMORY, _KILLS = "grouping", "fuzzing", "memory", "kills"
# What is measured on real servers: by which letters it is asked for.
_ON_STAGE: dict[str, Callable[[Stage], list[Figure]]] = {
    "abe": log_errors.measure,
    "f": lambda here: [envelopes.measure(here)],
    "g": lambda here: [overload.measure(here)],
    "h": lambda here: [many_processes.measure(here)],
    "c": lambda here: [fan_out.measure(here)],
    "d": lambda here: [list_issues.measure(here)],
    "ij": alert_storm.measure,
}


def main() -> None:
    """Measure what was asked for, or all that measures; fuzzing and kills, which take minutes, where asked for."""
    asked = set(sys.argv[1:]) or {_GROUPING, _MEMORY, *"abcdefghij"}
    if _GROUPING in asked:
        print(grouping.measure())
    if _FUZZING in asked:
        for line in fuzzing.measure():
            print(line, flush=True)
    if _KILLS in asked:
        print(kills.measure(), flush=True)
    wanted = [measure for letters, measure in _ON_STAGE.items() if asked & set(letters)]
    if wanted:
        with stage() as here:
            figures = [figure for measure in wanted for figure in measure(here)]
            print(show(figures), plot(figures), sep="\n\n")
    if _MEMORY in asked:
        with stage() as here:
            print(memory.measure(here))


main()
