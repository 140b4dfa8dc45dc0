"""Medians, and how they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One measure of ours against its limit: medians of several runs that took turns."""

    name: str
    ours: float
    limit: float
    unit: str
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.limit


def in_turns(ours: Callable[[], float], limit: Callable[[], float], *, rounds: int = 5) -> tuple[float, float]:
    """The medians of both, measured one after the other so that a noisy moment hits both."""
    pairs = [(limit(), ours()) for _ in range(rounds)]
    return median(pair[1] for pair in pairs), median(pair[0] for pair in pairs)


def plot(figures: list[Figure]) -> str:
    """The ratios as a picture: a chart in Mermaid's words, which Markdown pages draw."""
    names = ", ".join(f'"{figure.name.split()[0]}"' for figure in figures)
    ratios = ", ".join(f"{figure.ratio:.2f}" for figure in figures)
    lines = ["xychart-beta", '  title "Ours, of what the same work takes without our layers"', f"  x-axis [{names}]"]
    return "\n".join(["```mermaid", *lines, '  y-axis "ratio" 0 --> 1', f"  bar [{ratios}]", "```"])


def show(figures: list[Figure]) -> str:
    """A table for people."""
    lines = ["| work | ours | limit | ratio | |", "|---|--:|--:|--:|---|"]
    lines += [
        f"| {figure.name} | {figure.ours:,.0f} {figure.unit} | {figure.limit:,.0f} {figure.unit} "
        f"| {figure.ratio:.2f} | {figure.note} |"
        for figure in figures
    ]
    return "\n".join(lines)
