"""How right is grouping on the labelled corpus, and what does it cost? It needs no servers."""

import time
from itertools import islice
from statistics import median

from domain.grouping import grouping_keys
from tests.corpus.measure import Labelled, found_issues, labelled_events, scores, table, wrong

_ROUNDS, _WORST = 5, 20


def measure() -> str:
    """A table of precision and recall by language, the worst offenders, and the time that an event takes."""
    events = labelled_events()
    found = found_issues(events)
    worst = [f"- {words}: {cost} pairs" for cost, words in islice(wrong(events, found), _WORST)]
    took = median(_microseconds(events) for _ in range(_ROUNDS))
    cost = f"The keys of an event take {took:.0f} µs of processor time."
    return "\n".join([table(scores(events, found)), "", *worst, "", cost, ""])


def _microseconds(events: list[Labelled]) -> float:
    began = time.process_time()
    for event in events:
        grouping_keys(event.report)
    return (time.process_time() - began) * 1e6 / len(events)
