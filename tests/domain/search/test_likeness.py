import random

import pytest

from domain.search.expression import All, Either, Is, Not, State
from domain.search.likeness import can_be_corrected, corrected, known_words
from domain.search.reading import read_search
from domain.search.words import Words
from tests.support.clock import START

KNOWN = known_words(
    ["CardDeclinedError: timeout at payment gateway", "timeouts of the cart", "TimeoutError at payments.gateway"]
)


def read(text: str):
    return read_search(text, START)


def test_the_words_of_texts_are_known_whole_and_in_parts_with_how_many_have_them():
    assert KNOWN["gateway"] == KNOWN["error"] == 2
    assert KNOWN["carddeclinederror"] == KNOWN["declined"] == KNOWN["payments"] == 1
    assert "17" not in known_words(["order 17"])
    letters = "abcdefghijklmnopqrst"
    assert len(known_words(a + b + c for a in letters for b in letters for c in letters)) == 3000


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("tiemout", "timeout"),  # swapped
        ("timout", "timeout"),  # left out
        ("timmeout", "timeout"),  # put in
        ("timeoot", "timeout"),  # mistaken
        ("Declnied", "declined"),
        ("delcinde", "declined"),  # two slips in a long word
        ("gatway.tiemout", "gateway timeout"),
        ("CardDecliend", "card declined"),
        ("tiemout.17", "timeout 17"),
        ("carddeclinderror", "carddeclinederror"),
        ("paymentz", "payment"),  # as near as the plural, and before it
    ],
)
def test_a_word_that_is_nowhere_stands_for_the_nearest(text, nearest):
    assert corrected(read(text), KNOWN) == Either((read(text), Words(nearest)))


@pytest.mark.parametrize(
    "text", ["crat", "timeout", "tmeuot", "nothing", "17", '"tiemout"', "tiemo*", "!tiemout", "is:resolved"]
)
def test_what_is_short_known_far_or_meant_so_stays(text):
    assert corrected(read(text), KNOWN) == read(text)


def test_all_else_of_a_search_stays_and_no_more_than_five_words_are_corrected():
    meant = Either((Words("tiemout"), Words("timeout")))
    search = read("is:resolved (tiemout OR the) !tiemout")
    expected = All((Is(State.RESOLVED), Either((meant, Words("the"))), Not(Words("tiemout"))))
    assert corrected(search, KNOWN) == expected
    slips = ("tiemout", "timout", "timeot", "imeout", "itmeout", "timeuot", "timmeout")
    assert [type(part) for part in corrected(read(" ".join(slips)), KNOWN).parts] == [Either] * 5 + [Words] * 2


@pytest.mark.parametrize(
    ("text", "can"), [("a", True), ("(is:resolved OR a)", True), ('"a" b* !c', False), ("", False)]
)
def test_whether_anything_can_be_corrected(text, can):
    assert can_be_corrected(read(text)) == can


def test_hostile_words_are_bounded():
    dice = random.Random(3)
    known = known_words("".join(dice.choices("abcdefgh", k=150)) for _ in range(5000))
    long = " ".join("".join(dice.choices("abcdefgh", k=150)) for _ in range(6))
    assert corrected(read(long), known) == read(long)
    near = known_words("".join(dice.choices("abcdefgh", k=30)) for _ in range(5000))
    corrected(read(" ".join("".join(dice.choices("abcdefgh", k=30)) for _ in range(30))), near)
