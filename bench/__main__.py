"""`make bench`: every figure, as a table; `python -m bench a c` only those named."""

import sys

from bench import envelopes, fan_out, list_issues, log_errors, overload
from bench.report import Figure, show
from bench.stage import stage


def main() -> None:
    """Measure what was asked for, or everything."""
    asked = set(sys.argv[1:]) or set("abcdefg")
    figures: list[Figure] = []
    with stage() as here:
        if asked & set("abe"):
            figures += log_errors.measure(here)
        if "f" in asked:
            figures.append(envelopes.measure(here))
        if "g" in asked:
            figures.append(overload.measure(here))
        if "c" in asked:
            figures.append(fan_out.measure(here))
        if "d" in asked:
            figures.append(list_issues.measure(here))
    print(show(figures))


main()
