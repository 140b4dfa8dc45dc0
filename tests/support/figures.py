"""The arguments of figures: what they are asked with, wherever they stand."""

_GIVEN = {
    "byRelease": "(first: 20)",
    "byService": "(first: 20)",
    "surges": "(first: 20)",
    "timeline": '(bucket: DAY, timezone: "Africa/Abidjan")',
    "topIssues": "(first: 10)",
}
ARGUMENTS = {f"{kind}.{name}": given for kind in ("Stats", "PreviousStats") for name, given in _GIVEN.items()}
