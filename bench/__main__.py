"""`make bench`: every figure, as a table; `python -m bench a c` only those named."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

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
    patterns,
    plans,
    reads,
    soak,
)
from bench.report import Figure, plot, show
from bench.stage import Stage, stage

_GROUPING, _PATTERNS, _FUZZING, _MEMORY = "grouping", "patterns", "fuzzing", "memory"
_KILLS, _READS, _PLANS, _SOAK = "kills", "reads", "plans", "soak"
# What is measured on real servers: by which letters it is asked for.
_ON_STAGE: dict[str, Callable[[Stage], list[Figure]]] = {
    "abe": log_errors.measure,
    "f": lambda here: [envelopes.measure(here)],
    "g": lambda here: [overload.measure(here)],
    "h": lambda here: [many_processes.measure(here)],
    "c": lambda here: [fan_out.one_document(here)],
    "o": lambda here: [fan_out.many_documents(here)],
    "p": lambda here: [fan_out.at_rest(here)],
    "d": lambda here: [list_issues.measure(here)],
    "ij": alert_storm.measure,
}


def main() -> None:
    """Measure what was asked for, or all that measures; what takes many minutes or breaks things, where asked for."""
    parser = ArgumentParser(prog="bench")
    parser.add_argument("figures", nargs="*")
    parser.add_argument("--events", type=int, default=10_000_000, help="how many events the history of `reads` has")
    parser.add_argument("--minutes", type=float, default=30, help="how long `soak` goes on")
    parser.add_argument("--kept", type=Path, help="where the history of `reads`, or all of `soak`, is kept")
    parser.add_argument("--writing", action="store_true", help="ask once more while events are written")
    options = parser.parse_args()
    asked = set(options.figures) or {_GROUPING, _PATTERNS, _MEMORY, *"abcdefghijop"}
    if _GROUPING in asked:
        print(grouping.measure())
    if _PATTERNS in asked:
        print(patterns.measure())
    if _FUZZING in asked:
        for line in fuzzing.measure():
            print(line, flush=True)
    if _KILLS in asked:
        print(kills.measure(), flush=True)
    if _READS in asked:
        with stage(options.kept) as here:
            print(reads.measure(here, options.events, writing=options.writing))
    if _PLANS in asked:
        with stage(options.kept) as here:
            print(plans.measure(here, options.events))
    _measure_on_stage(asked)
    if _MEMORY in asked:
        with stage() as here:
            print(memory.measure(here))
    if _SOAK in asked:
        seen, is_well = soak.measure(options.minutes, options.kept)
        print(seen, flush=True)
        sys.exit(0 if is_well else 1)


def _measure_on_stage(asked: set[str]) -> None:
    wanted = [measure for letters, measure in _ON_STAGE.items() if asked & set(letters)]
    if wanted:
        with stage() as here:
            figures = [figure for measure in wanted for figure in measure(here)]
            print(show(figures), plot(figures), sep="\n\n")


main()
