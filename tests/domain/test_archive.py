"""Names of archived files are read as they were written, and nothing else is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.archive import ArchiveName, is_left_over, read_name

NAMES = st.builds(
    ArchiveName,
    project_number=st.integers(1, 10**12),
    day=st.dates(date(1970, 1, 1), date(9999, 12, 31)),
    part=st.integers(1, 10**6),
)


@given(NAMES)
def test_a_name_is_read_as_it_was_written(name: ArchiveName):
    assert read_name(str(name)) == name
    assert is_left_over(name.while_written)
    assert read_name(name.while_written) is None


@given(st.lists(NAMES.map(lambda name: ArchiveName(1, name.day, name.part % 9_999 + 1))))
def test_files_of_a_project_are_in_the_order_of_their_names(names: list[ArchiveName]):
    assert sorted(map(str, names)) == [str(name) for name in sorted(names)]


@pytest.mark.parametrize(
    "name",
    [
        "1/2026-03/event_20260302-1.parquet",
        "1/2026-04/event_20260302-0001.parquet",
        "1/2026-13/event_20261302-0001.parquet",
        "01/2026-03/event_20260302-0001.parquet",
        "1/2026-03/event_20260302-0001.parquet.bak",
        "x/1/2026-03/event_20260302-0001.parquet",
        "tocsin-archive",
    ],
)
def test_what_is_not_ours_is_no_name(name: str):
    assert read_name(name) is None
    assert not is_left_over(name)
