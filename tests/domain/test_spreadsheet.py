import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spreadsheet import write_rows


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\uff20x"]
)
def test_what_would_be_a_formula_is_text(formula: str):
    assert read(write_rows([[formula]])) == [["'" + formula]]


def test_what_is_none_stays_so():
    at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    assert read(write_rows([["a=b", 'x"y', "p, q", "l\nm", "é漢", None, 7, at]])) == [
        ["a=b", 'x"y', "p, q", "l\nm", "é漢", "", "7", "2026-03-02T03:00:00.000Z"]
    ]


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_whatever_somebody_writes_is_one_cell_and_no_formula(texts: list[str]):
    ((*cells,),) = read(write_rows([texts]))
    assert len(cells) == len(texts)
    assert not any(cell.lstrip(" ")[:1] in {*"=+-@\t\r\n"} for cell in cells if cell.strip(" "))
    write_rows([texts]).encode()
