"""Whatever is sent in any dialect: no exception, nothing turned away that could be saved, nothing that no disk can hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fuzz.dialects import dialects
from tests.support.fuzz.outcome import outcome


@pytest.mark.parametrize("dialect", dialects(), ids=lambda dialect: dialect.name)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_sent_becomes_reports_that_can_be_stored_or_is_refused_as_documented(dialect, data):
    assert outcome(dialect, data.draw(dialect.inputs)) is not None
