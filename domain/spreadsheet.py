"""Tables as text for spreadsheets (CSV, RFC 4180), in which nothing that somebody wrote is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO

# What begins a formula in Excel, LibreOffice or Google Sheets, plain or as wide as a Chinese character; and what
# leads them to look further (OWASP, "CSV Injection").
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def write_rows(rows: Iterable[Sequence[object]]) -> str:
    """The rows as lines of CSV: times in UTC, nothing for what there is none of, no formula."""
    lines = StringIO()
    csv.writer(lines).writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue()


def _cell(value: object) -> str:
    """The value as text; behind an apostrophe, which spreadsheets do not show, where it would be a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    text = str(value).replace("\0", "").encode(errors="replace").decode()
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
