import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import parameterise
from domain.template import MOST_WORDS, join, looks_like_a_value, split, words_of


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("order 5 failed", ("order", " <int>", " failed")),
        ("can't open 'red shoes': no", ("can't", " open", " 'red shoes'", ":", " no")),
        ("missing [a, b, c] in x", ("missing", " [a, b, c]", " in", " x")),
        ("rows 1, 2,3 are bad", ("rows", " <int>", " are", " bad")),
        ('level=warn msg="slow query" user=bob', ("level=", "warn", " msg=", "slow", " query", " user=", "bob")),
        ("wrote 12.5 MB of 3KB for 9.99 EUR", ("wrote", " <size>", " of", " <size>", " for", " <amount>")),
        ("key cart:items, C:\\x at a?b=c", ("key", " cart:items", ",", " C:\\x", " at", " a?b=c")),
        ("", ()),
    ],
)
def test_the_words_of_a_message(message, words):
    assert words_of(message) == words


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_words_make_up_their_template_again(message):
    template = parameterise(message)
    if len(words := split(template)) < MOST_WORDS:
        assert join(words).split() == template.split()
    assert split(join(words)) == words


def test_no_more_words_count_than_a_bound():
    assert len(words_of("a " * 500)) == MOST_WORDS


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("user bob on db_1 and web.internal", [" db_1", " web.internal"]),
        ("status=down in orderService: 'x'", ["down", " orderService", " 'x'"]),
        ("worker-<int> at <hex>.", [" <hex>.", "worker-<int>"]),
        ("ends with a dot.", []),
    ],
)
def test_what_looks_like_a_value(template, values):
    words = split(template)
    found = [word for place, word in enumerate(words) if looks_like_a_value(words, place)]
    assert sorted(found) == sorted(values)
