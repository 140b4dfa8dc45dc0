import re
from pathlib import Path

from domain.bounds import TABLE, both_ends

LIMITS = Path(__file__).parents[2] / "docs" / "limits.md"
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_docs_show_each_bound_as_the_code_holds_it():
    shown = [row for row in ROW.findall(LIMITS.read_text()) if row[0] not in ("part", "---")]

    assert shown == [(bound.part, f"{bound.limit:,} {bound.unit}", str(bound.past)) for bound in TABLE]


def test_parts_are_named_once():
    assert len({bound.part for bound in TABLE}) == len(TABLE)


def test_both_ends_keeps_the_first_and_the_last():
    assert both_ends(list(range(10)), 4) == [0, 1, 8, 9]
    assert both_ends(list(range(10)), 3) == [0, 8, 9]
    assert both_ends([1, 2], 2) == [1, 2]
