import re
from datetime import timedelta

import pytest

from domain.errors import InvalidInput
from domain.event import Severity
from domain.search.expression import (
    All,
    Counts,
    Either,
    HappenedTo,
    Has,
    Instant,
    Is,
    IsAssigned,
    IsMine,
    IsNamed,
    IsOfTeam,
    IsSevere,
    IsTagged,
    Name,
    Not,
    Number,
    State,
    Thing,
    WasSeen,
)
from domain.search.reading import EVENTS, read_search
from domain.search.words import Words, split_words, whole_words
from domain.span import Span
from tests.support.clock import START

A, B, C = Words("a"), Words("b"), Words("c")


def read(text: str):
    return read_search(text, START)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", All(())),
        ("  ", All(())),
        ("a", A),
        ("a b", All((A, B))),
        ("a AND b", All((A, B))),
        ("a OR b c", Either((A, All((B, C))))),
        ("(a OR b) c", All((Either((A, B)), C))),
        ("!a b", All((Not(A), B))),
        ("!(a b)", Not(All((A, B)))),
        ("!!a", Not(Not(A))),
        ("((a))", A),
        ("or ORDER AND ANDROID", All((Words("or"), Words("ORDER"), Words("ANDROID")))),
        ("a -> b", All((A, B))),
        ("tim*", Words("tim*", is_prefix=True)),
        ('"could not*"', Words("could not*", exact=True)),
        (r'"say \"no\" in c:\temp \\"', Words('say "no" in c:\\temp \\', exact=True)),
        ("http://x.y/z?a=b", Words("http://x.y/z?a=b")),
        ("std::x", Words("std::x")),
        ("ValueError: total()", All((Words("ValueError:"), Words("total()")))),
        ("error: a", All((Words("error:"), A))),
        ("app.py:12 10:30", All((Words("app.py:12"), Words("10:30")))),
        ("boom!", Words("boom!")),
        ('"service:a"', Words("service:a", exact=True)),
    ],
)
def test_the_joints_of_a_search(text, meant):
    assert read(text) == meant


def on(day: int):
    return START.replace(month=2, day=day, hour=0, minute=0, second=0, microsecond=0)


YEAR = START.year
AT = f"{YEAR}-02-03T10:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("is:unresolved", Is(State.UNRESOLVED)),
        ("is:ALERTING", Is(State.ALERTING)),
        ("has:release", Has(Thing.RELEASE)),
        ("severity:high", IsSevere(frozenset({Severity.HIGH}))),
        ("severity:>=HIGH", IsSevere(frozenset({Severity.HIGH, Severity.CRITICAL}))),
        ("severity:>high", IsSevere(frozenset({Severity.CRITICAL}))),
        ("severity:<low", IsSevere(frozenset({Severity.INFO}))),
        ("severity:<=low", IsSevere(frozenset({Severity.INFO, Severity.LOW}))),
        ("service:checkout", IsNamed(Name.SERVICE, ("checkout",))),
        ("service:check*t*", IsNamed(Name.SERVICE, ("check", "t", ""))),
        ('service:"check*"', IsNamed(Name.SERVICE, ("check*",))),
        ("culprit:<module>", IsNamed(Name.CULPRIT, ("<module>",))),
        ("culprit:total()", IsNamed(Name.CULPRIT, ("total()",))),
        ('release:"a b"', IsNamed(Name.RELEASE, ("a b",))),
        ("type:a..b", IsNamed(Name.TYPE, ("a..b",))),
        ("environment:eu:1", IsNamed(Name.ENVIRONMENT, ("eu:1",))),
        ("assignee:me", IsMine()),
        ("assignee:none", IsAssigned(None)),
        ('assignee:"none"', IsAssigned("none")),
        ('assignee:"Ada L"', IsAssigned("Ada L")),
        ("tag.x:b*", IsTagged("x", ("b", ""))),
        ('tag.X.y:"b*"', IsTagged("X.y", ("b*",))),
        ("has:tag.X.y", IsTagged("X.y")),
        ("team:shop", IsOfTeam("shop")),
        ("team:none", IsOfTeam(None)),
        ("user:a@example.org", HappenedTo("a@example.org")),
        ("last:24h", WasSeen(Instant.LAST, Span(START - timedelta(hours=24)))),
        ("last:<30m", WasSeen(Instant.LAST, Span(START - timedelta(minutes=30)))),
        ("first:>7d", WasSeen(Instant.FIRST, Span(None, START - timedelta(days=7)))),
        ("first:2w..7d", WasSeen(Instant.FIRST, Span(START - timedelta(days=14), START - timedelta(days=7)))),
        (f"last:{YEAR}-02-03", WasSeen(Instant.LAST, Span(on(3), on(4)))),
        (f"last:>={YEAR}-02-03", WasSeen(Instant.LAST, Span(on(3)))),
        (f"last:>{YEAR}-02-03", WasSeen(Instant.LAST, Span(on(4)))),
        (f"last:<={YEAR}-02-03", WasSeen(Instant.LAST, Span(None, on(4)))),
        (f"last:<{YEAR}-02-03", WasSeen(Instant.LAST, Span(None, on(3)))),
        (f"last:{YEAR}-02-03..{YEAR}-02-05", WasSeen(Instant.LAST, Span(on(3), on(5)))),
        (f"last:>={AT}Z", WasSeen(Instant.LAST, Span(on(3) + timedelta(hours=10)))),
        (f"last:>={AT}+02:00", WasSeen(Instant.LAST, Span(on(3) + timedelta(hours=8)))),
        (
            f"last:{AT}",
            WasSeen(Instant.LAST, Span(on(3) + timedelta(hours=10), on(3) + timedelta(hours=10, minutes=1))),
        ),
        ("events:5", Counts(Number.EVENTS, 5, 5)),
        ("events:>100", Counts(Number.EVENTS, 101)),
        ("users:>=100", Counts(Number.USERS, 100)),
        ("users:<3", Counts(Number.USERS, None, 2)),
        ("users:<=3", Counts(Number.USERS, None, 3)),
        ("events:10..20", Counts(Number.EVENTS, 10, 20)),
    ],
)
def test_what_each_term_means(text, meant):
    assert read(text) == meant
    assert read(f"a !({text} OR b)") == All((A, Not(Either((meant, B)))))


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("a servce:x", 3, 'there is no key `servce:`. Did you mean `service:` or `user:`? In quotes it is searched for as a text: `"servce:x"`'),
        ("localhost:5432", 1, '`"localhost:5432"`'),
        ("is:resovled", 4, "Did you mean `resolved` or `unresolved`?"),
        ("has:x", 5, "`has:` takes `assignee`, `team`"),
        ("severity:>=hgh", 12, "`hgh` is no severity"),
        ("events:>x", 9, "a whole number is expected here"),
        ("events:9..3", 11, "ends at 3"),
        ("last:soon", 6, "a time such as `24h`"),
        ("last:2026-02-30", 6, "a time such as"),
        ("last:>999999w", 7, "a time such as"),
        ("last:7d..2w", 10, "ends before it begins"),
        ('service:""', 10, "a value of `service:` is expected"),
        ("service:)", 9, "`)` is not expected here, but a text in quotes or a value"),
        ("OR a", 1, "`OR` is not expected here, but a word"),
        ("a OR", 5, "the end is not expected here, but a word"),
        ("a OR OR b", 6, "`OR` is not expected here"),
        ("a !", 4, "the end is not expected here"),
        ("(a", 3, "the end is not expected here, but `)`"),
        ("a) b", 2, "`)` is not expected here, but the end"),
        ("()", 2, "`)` is not expected here"),
        ('a "b', 3, "the quote that begins here has no end"),
        ('service:"b', 9, "the quote that begins here has no end"),
        ("->", 1, "no letter and no digit"),
        ("a !->", 4, "no letter and no digit"),
        ("a OR ->", 6, "no letter and no digit"),
        ("a " * 51, 101, "at most 50 terms"),
        ("a" * 201, 1, "at most 200 characters"),
        ("a" * 1001, 1001, "at most 1,000 characters"),
        ("(" * 20 + "a" + ")" * 20, 1, "at most 20 levels"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_column(text, column, words):
    with pytest.raises(InvalidInput) as refusal:
        read(text)
    assert refusal.value.path == ("search",)
    assert refusal.value.message.startswith(f"Column {column}: ")
    assert words in refusal.value.message


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_text_can_have_is_refused(text):
    with pytest.raises(InvalidInput):
        read(text)


def test_as_much_as_is_allowed_is_read():
    assert len(read("a " * 50).parts) == 50
    assert read("(" * 19 + "a" + ")" * 19) == A


@pytest.mark.parametrize(
    "unit", ["(", ")", "!", '"', '"a', "a(", "a:", "a:(", "(a ", "a OR ", "OR ", "\\", '"\\', "a*", "is:", ".." , "last:1..", "é", "\u3000", "-"]
)  # fmt: skip
def test_hostile_texts_are_read_once(unit):
    for text in (unit * (1000 // len(unit)), unit * 49):
        assert re.match(r"Column [0-9]+: |$", refusal_of(text))


def refusal_of(text: str) -> str:
    try:
        read(text)
    except InvalidInput as refusal:
        return refusal.message
    return ""


@pytest.mark.parametrize(
    ("text", "whole", "split"),
    [
        ("CardDeclinedError", "carddeclinederror", "card declined error"),
        ("HTTPServer", "httpserver", "http server"),
        ("payments.charge_card(4)", "payments charge card 4", "payments charge card 4"),
        ("CHECKOUT-1F", "checkout 1f", "checkout 1f"),
        ("Ошибка ÄRGER", "ошибка ärger", "ошибка ärger"),
        ("->", "", ""),
    ],
)
def test_the_words_of_a_text(text, whole, split):
    assert (whole_words(text), split_words(text)) == (whole, split)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("a first:7d", 3, "`first:` says nothing of an event: it happens once."),
        ("(a OR events:>5)", 7, "`events:` says nothing of an event: an issue has that many."),
        ("users:1", 1, "`users:` says nothing of an event"),
        ("has:environment", 5, "`has:` takes `assignee`, `team`, `release`, `culprit`, `user` or `alert`"),
        ("servce:a", 1, "there is no key `servce:`. Did you mean `service:` or `user:`?"),
    ],
)
def test_what_says_nothing_of_an_event_is_refused_at_its_column(text, column, said):
    with pytest.raises(InvalidInput) as refusal:
        read_search(text, START, EVENTS)
    assert refusal.value.message.startswith(f"Column {column}: {said}")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("user:ada", HappenedTo("ada")),
        ("has:user", Has(Thing.USER)),
        ("tag.x:b*", IsTagged("x", ("b", ""))),
        ("has:tag.x", IsTagged("x")),
    ],
)
def test_whom_an_event_happened_to_and_its_tags_can_be_asked_for(text, meant):
    assert read_search(text, START, EVENTS) == meant


def test_a_search_of_events_means_what_it_means_of_issues():
    for text in ("a service:b*", "is:unresolved last:1h", '!(type:x OR has:alert) "a b"', "assignee:me severity:>low"):
        assert read_search(text, START, EVENTS) == read(text)
