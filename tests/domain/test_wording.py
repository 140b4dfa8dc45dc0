import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.wording import read_note, read_words


def test_space_around_words_goes_and_lines_stay():
    assert read_words("  first\nsecond \n", "body", 20) == "first\nsecond"


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 11, "a\0b", "a\ud800b", "\udfff"])
def test_unfit_words_are_refused_by_name(text):
    with pytest.raises(InvalidInput) as refused:
        read_words(text, "body", 10)
    assert refused.value.path == ("body",)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_note_may_be_left_out(text):
    assert read_note(text) is None


@given(st.text())
def test_what_is_taken_can_be_encoded(text):
    try:
        words = read_words(text, "body", 50)
    except InvalidInput:
        return
    assert 0 < len(words.encode()) <= 200
