import random

import pytest

from domain.errors import InvalidInput
from domain.search.completing import NAMED, fragment_at, known_suggestions, quoted
from domain.search.grammar import Term, parse
from domain.search.reading import EVENTS, ISSUES, KEYS


def suggested(marked: str, subject=ISSUES) -> list[str]:
    """The text after each suggestion has taken its place; `|` is where the cursor is."""
    text = marked.replace("|", "")
    fragment = fragment_at(text, marked.index("|"))
    assert fragment
    return [text[: one.start] + one.text + text[one.end :] for one in known_suggestions(fragment, subject)]


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("ser|", ["service:"]),
        ("a !ser|", ["a !service:"]),
        ("(se|r", ["(severity:", "(service:"]),
        ("se|r:x a", ["severity:x a", "service:x a"]),
        ("is:|", [f"is:{state}" for state in ("unresolved", "resolved", "snoozed", "ignored", "regression", "assigned", "unassigned", "acknowledged", "alerting")]),
        ("is:RES| b", ["is:resolved b"]),
        ("is:a|bc b", ["is:assigned b", "is:acknowledged b", "is:alerting b"]),
        ("severity:>=h|", ["severity:>=high"]),
        ("events:|", ["events:>", "events:>=", "events:<", "events:<="]),
        ("last:2|", ["last:24h"]),
        ("a o|", ["a OR"]),
        ("assignee:m|", ["assignee:me"]),
        ("nothing|", []),
        ("nothing:|", []),
    ],
)  # fmt: skip
def test_what_the_language_knows_is_suggested_in_its_place(marked: str, after: list[str]):
    assert suggested(marked) == after


def test_all_keys_fit_where_nothing_is_written():
    for marked in ("|", "a |", "(|", "!|", "a | b"):
        assert suggested(marked) == [marked.replace("|", f"{key}:") for key in KEYS]
    assert {text.strip(":") for text in suggested("|", EVENTS)} == set(EVENTS.keys)


def test_only_what_events_have_is_suggested_of_them():
    assert suggested("has:|", EVENTS) == [
        f"has:{thing}" for thing in ("assignee", "team", "release", "culprit", "user", "alert")
    ]
    assert suggested("events:|", EVENTS) == []


def test_where_a_tag_may_be_written():
    for text, letters, value_of in (
        ("ta|", "", None),
        ("a !TAG.re|", "re", None),
        ("tag.re|gion:x", "re", None),
        ("has:|", "", None),
        ("has:tag.Re|", "Re", None),
        ("|", None, None),
        ("tax|", None, None),
        ("has:team|", None, None),
        ("service:ta|", None, None),
        ("tag.region:e|", None, "region"),
        ("tag.a.b:>|", None, "a.b"),
    ):
        fragment = fragment_at(text.replace("|", ""), text.index("|"))
        assert fragment
        assert (fragment.tag_letters, fragment.tag) == (letters, value_of), text


def test_a_tag_that_no_key_can_name_is_suggested_only_as_what_it_has():
    for text, found in (("tag.", ["tag.b:"]), ("has:tag.", ['"tag.a b"', "tag.b"])):
        fragment = fragment_at(text, None)
        assert fragment
        assert [one.text for one in fragment.with_tags(["a b", "b"])] == found


def test_nothing_fits_inside_of_quotes():
    assert fragment_at('"servi', None) is None
    assert fragment_at('"servi" a', 4) is None


def test_letters_of_a_value_are_read_without_their_quotes():
    for text, letters in (
        ('assignee:"Ada L', "Ada L"),
        ('assignee:"Ada L"', "Ada L"),
        (r'type:"a\"b', 'a"b'),
        ("type:", ""),
    ):
        fragment = fragment_at(text, None)
        assert fragment
        assert (fragment.letters, fragment.start, fragment.end) == (letters, text.index(":") + 1, len(text))


def test_any_value_in_its_quotes_is_read_as_itself():
    dice = random.Random(3)
    for _ in range(300):
        value = "".join(dice.choices('ab "\\()*<>.:!', k=dice.randrange(1, 6)))
        for key in sorted(NAMED):
            written = parse(f"{key}:{quoted(value)}")
            assert isinstance(written, Term)
            assert written.value.text == value
            assert written.value.is_quoted or "*" not in value


def test_any_text_has_a_fragment_at_any_place_of_it():
    dice = random.Random(4)
    for _ in range(500):
        text = "".join(
            dice.choices(
                ['"', "\\", "(", ")", "!", " ", "is:", "service:", ">", "tag.x:", "a", "http://"], k=dice.randrange(8)
            )
        )
        for place in range(len(text) + 1):
            fragment = fragment_at(text, place)
            assert fragment is None or 0 <= fragment.start <= place <= max(fragment.end, place) <= len(text)


@pytest.mark.parametrize(("text", "cursor"), [("abc", 4), ("abc", -1), ("a" * 1001, 0)])
def test_a_place_that_is_not_there_is_refused(text: str, cursor: int):
    with pytest.raises(InvalidInput):
        fragment_at(text, cursor)
