"""Any search of events finds in PostgreSQL what a reader finds who takes it literally, however far a page looks."""

import random
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import ARRAY, Text, func, literal, select

from domain.access import system
from domain.event import EventFilter, Severity
from domain.page import PageRequest
from domain.search.expression import (
    All,
    Either,
    Expression,
    HappenedTo,
    Has,
    IsNamed,
    IsSevere,
    IsTagged,
    Name,
    Not,
    State,
    Thing,
    WasSeen,
)
from domain.search.likeness import corrected, known_words
from domain.search.reading import EVENT_THINGS, EVENTS, read_search
from domain.search.words import Words, split_words
from models import Event, GroupingKey
from resolvers.event import asked
from resolvers.event import search as event_search
from resolvers.event.list import count_events, list_events
from resolvers.event.search import beginning_of_forms, stem_of
from resolvers.intake.incoming import user_digest
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import only_row
from tests.support.searched import (
    FRAME_WORDS,
    NAMES,
    STEMS,
    TAGS,
    WORDS,
    Row,
    any_text_of,
    has_line,
    holds,
    is_like,
    make_rows,
)

SEARCHES = 120
TEXTS = ("50% off", "a_b", "c:\\temp", "100 Ж", "RetriedTwice", "retry later", "hoping.visibility")
SLIPS = ("alhpa", "foxtort", "bravvo", "hoetl")
USERS = {
    user_digest({known_as: user}): user
    for user in ("ada", "bob")
    for known_as in ("id", "email", "username", "ip_address")
}


async def make_events(res: Resources, dice: random.Random, rows: list[Row]) -> list[tuple[Event, Row]]:
    """Events of these issues in any order of time, newest first."""
    events = []
    for _ in range(60):
        row = dice.choice(rows)
        event = await make_event(
            res,
            row.issue,
            key=await only_row(res, GroupingKey, GroupingKey.id == dice.choice([*row.frames])),
            at=START - timedelta(minutes=dice.randrange(26 * 60)),
            service=dice.choice(NAMES),
            environment=dice.choice(NAMES),
            release=dice.choice([None, *NAMES]),
            culprit=dice.choice([None, *NAMES]),
            error_type=dice.choice(NAMES),
            severity=dice.choice(list(Severity)),
            message=" ".join(dice.sample([*WORDS, *TEXTS], 3)),
            user_hash=dice.choice([None, *(digest for digest, user in USERS.items() if user in row.known_users)]),
            noted_tags={tag: dice.choice(NAMES) for tag in TAGS if dice.random() < 0.6} or None,
        )
        events.append((event, row))
    return sorted(events, key=lambda pair: pair[0].id, reverse=True)


def any_term(dice: random.Random) -> str:
    sign = dice.choice(["", ">", ">=", "<", "<="])
    named = dice.choice([*NAMES, "s*", "*shop", "*h*p*", '"s*"', "*_*", "s%*"])
    on = (START - timedelta(days=dice.randrange(5))).date()
    return dice.choice(
        [
            dice.choice([*WORDS, "ALPHA", "lph", "al*", '"ALPHA BRAVO"', "0%", '"a_b"', r'"c:\\temp"', "_2", "ж"]),
            dice.choice([*FRAME_WORDS, "hot*", "oscar.alph*", "hotelOscar"]),
            f'"{" ".join(dice.sample(FRAME_WORDS, 2))}"',
            dice.choice([*STEMS, "Retries.twice", '"retries"', "hop*", "hoped-visibly", "I-3", "i-17", *SLIPS]),
            f"is:{dice.choice(list(State))}",
            f"has:{dice.choice(EVENT_THINGS)}",
            f"severity:{sign}{dice.choice(list(Severity)).lower()}",
            f"{dice.choice(list(Name))}:{named}",
            f"service:{dice.choice(NAMES)}",
            f"user:{dice.choice(['ada', 'bob', 'eve'])}",
            f"tag.{dice.choice([*TAGS, 'b.c'])}:{named}",
            f"has:tag.{dice.choice([*TAGS, 'A'])}",
            f"assignee:{dice.choice(['me', 'none', 'MATE', 'nobody'])}",
            f"team:{dice.choice(['red', 'blue', 'none', 'other'])}",
            f"last:{dice.choice(['', '>'])}{dice.choice(['20h', '2d', '90m'])}",
            f"last:{sign}{on}",
            f"last:{on - timedelta(days=1)}..{on}T12:00",
        ]
    )


def event_holds(expression: Expression, event: Event, row: Row) -> bool:  # noqa: C901, PLR0911, PLR0912 - one case a condition
    match expression:
        case All(parts):
            return all(event_holds(part, event, row) for part in parts)
        case Either(parts):
            return any(event_holds(part, event, row) for part in parts)
        case Not(part):
            return not event_holds(part, event, row)
        case Words():
            said = "\n".join(part for part in (event.error_type, event.culprit, event.message) if part)
            is_of_issue = expression.text.upper() == row.issue.short_id
            return says(said, expression) or is_of_issue or has_line(row.frames[event.grouping_key_id], expression)
        case IsSevere(severities):
            return event.severity in severities
        case IsNamed(name, parts):
            value = value_of(event, name)
            return value is not None and is_like(value, parts)
        case WasSeen(_, span):
            at = event.received_at
            return (span.since is None or at >= span.since) and (span.until is None or at < span.until)
        case IsTagged(tag, parts):
            value = (event.noted_tags or {}).get(tag)
            return value is not None and (parts is None or is_like(value, parts))
        case HappenedTo(user):
            return USERS.get(event.user_hash) == user
        case Has(Thing.USER):
            return event.user_hash is not None
        case Has(Thing.RELEASE):
            return event.release is not None
        case Has(Thing.CULPRIT):
            return event.culprit is not None
        case _:
            return holds(expression, row)


def says(text: str, words: Words) -> bool:
    """Whether the letters are in the text, or its words are in any form."""
    if words.text.removesuffix("*" if words.is_prefix else "").lower() in text.lower():
        return True
    return not words.exact and not words.is_prefix and f" {stems(words.text)} " in f" {stems(text)} "


def stems(text: str) -> str:
    return " ".join(STEMS.get(word, word) for word in split_words(text).split())


def value_of(event: Event, name: Name) -> str | None:
    return event.error_type if name is Name.TYPE else getattr(event, name)


async def test_any_search_finds_what_it_says(res: Resources, monkeypatch: pytest.MonkeyPatch):
    dice = random.Random(7)
    project = await make_project(res)
    me, mate = await make_developer(res, name="me myself"), await make_developer(res, name="mate")
    teams = [await make_team(res, slug=slug, members=(me, mate), projects=(project,)) for slug in ("red", "blue")]
    rows = await make_rows(res, dice, project, (me, mate), teams)
    known = known_words(
        f"{row.issue.title} {row.issue.error_type} {row.issue.culprit or ''} {row.known_frames}" for row in rows
    )
    events = await make_events(res, dice, rows)
    actor = acting(me, project)
    some = mended = 0
    for number in range(SEARCHES):
        looks_at_all, by_keys = number < SEARCHES / 2, dice.random() < 0.5
        monkeypatch.setattr(asked, "MOST_LOOKED_AT", 20_000 if looks_at_all else 9)
        monkeypatch.setattr(asked, "MOST_KEYS", 200 if by_keys else 0)
        monkeypatch.setattr(event_search, "MOST_FRAMED_KEYS", dice.choice((1, 1000)))
        text = any_text_of(any_term, dice) if number % 20 else f"{dice.choice(SLIPS)} {any_term(dice)}"
        meant = read_search(text, START, EVENTS)
        filter = EventFilter(service=dice.choice([None, None, ("shop",)]))
        among = [(event, row) for event, row in events if filter.service is None or event.service == "shop"]
        expected = [event.id for event, row in among if event_holds(meant, event, row)]
        if not expected:
            meant, before = corrected(meant, known), meant
            expected = [event.id for event, row in among if event_holds(meant, event, row)]
            mended += meant != before and bool(expected)
        elif not looks_at_all and corrected(meant, known) != meant:
            continue  # what is mended depends on how far it looks
        backward = dice.random() < 0.5
        found = await all_pages(res, actor, filter, text, backward=backward)
        assert found == (expected[::-1] if backward else expected), text
        if looks_at_all:
            assert await count_events(res, actor, filter=filter, search=text) == len(expected), text
        some += 0 < len(expected) < len(events)
    assert some > SEARCHES / 3
    assert mended


async def test_what_the_forms_of_a_word_begin_with_is_in_each_of_its_forms(res: Resources):
    words = {
        word
        for path in Path("docs").rglob("*.md")
        for word in split_words(path.read_text()).split()
        if word.isascii() and word.isalpha()
    }
    word = func.unnest(literal(sorted(words), ARRAY(Text))).column_valued("word")
    query = select(word, stem_of(word), beginning_of_forms(word))
    async with res.db.reading() as session:
        found = [tuple(row) for row in await session.rows(query)]
    forms = defaultdict(set)
    for each, stem, begin in found:
        assert each.startswith(begin)
        if stem:
            forms[stem].add((each, begin))
    odd = {each for same in forms.values() for each, _ in same for _, begin in same if not each.startswith(begin)}
    assert len(found) > 2000
    assert odd <= {"dying"}


async def test_what_the_property_takes_for_stems_are_those_of_postgresql(res: Resources):
    stems = {**{word: word for word in (*WORDS, *FRAME_WORDS)}, **STEMS}
    word = func.unnest(literal(sorted(stems), ARRAY(Text))).column_valued("word")
    async with res.db.reading() as session:
        rows = await session.rows(select(word, stem_of(word)))
    assert dict(map(tuple, rows)) == stems


async def test_a_slip_is_mended_the_same_on_each_page_unless_one_of_the_newest_has_it(
    res: Resources, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(asked, "MOST_LOOKED_AT", 4)
    issue = await make_issue(res, await make_project(res), events=0, title="ConnectionTimeout", error_type="Timeout")
    for number in range(8):
        await make_event(res, issue, at=START - timedelta(minutes=number), message="tiemout" if number == 6 else "late")
    every = await all_pages(res, system(), EventFilter(), "tiemout", backward=False, size=3)
    assert len(every) == len(set(every)) == 8
    assert await count_events(res, system(), search="tiemout") == 4  # of the newest four
    newest = await make_event(res, issue, message="a tiemout")
    assert len(await all_pages(res, system(), EventFilter(), "tiemout", backward=False, size=3)) == 2
    assert (await list_events(res, system(), search="tiemout")).items[0].id == newest.id
    page = await list_events(res, system(), search="tiemout", page=PageRequest(0))
    assert page.items == []


async def all_pages(res: Resources, actor, filter: EventFilter, search: str, *, backward: bool, size: int = 50) -> list:
    """The ids of all pages, as a client goes from one to the next."""
    found, cursor = [], None
    while True:
        request = PageRequest(size, before=cursor, backward=True) if backward else PageRequest(size, after=cursor)
        page = await list_events(res, actor, filter=filter, search=search, page=request)
        ids = [event.id for event in page.items]
        found += ids[::-1] if backward else ids
        if not (page.has_previous if backward else page.has_next):
            return found
        cursor = page.start if backward else page.end
