"""Any search of events finds in PostgreSQL what a reader finds who takes it literally, however far a page looks."""

import random
from datetime import timedelta

import pytest

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
from domain.search.reading import EVENT_THINGS, EVENTS, read_search
from domain.search.words import Words
from models import Event
from resolvers.event import asked
from resolvers.event.list import count_events, list_events
from resolvers.intake.incoming import user_digest
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_event
from tests.support.factories.project import make_project
from tests.support.searched import NAMES, TAGS, WORDS, Row, any_text_of, holds, is_like, make_rows

SEARCHES = 120
TEXTS = ("50% off", "a_b", "c:\\temp", "100 Ж")
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
        case Words(text):
            said = "\n".join(part for part in (event.error_type, event.culprit, event.message) if part)
            return text.removesuffix("*").lower() in said.lower()
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


def value_of(event: Event, name: Name) -> str | None:
    return event.error_type if name is Name.TYPE else getattr(event, name)


async def test_any_search_finds_what_it_says(res: Resources, monkeypatch: pytest.MonkeyPatch):
    dice = random.Random(7)
    project = await make_project(res)
    me, mate = await make_developer(res, name="me myself"), await make_developer(res, name="mate")
    teams = [await make_team(res, slug=slug, members=(me, mate), projects=(project,)) for slug in ("red", "blue")]
    events = await make_events(res, dice, await make_rows(res, dice, project, (me, mate), teams))
    actor = acting(me, project)
    some = 0
    for number in range(SEARCHES):
        looks_at_all, by_keys = number < SEARCHES / 2, dice.random() < 0.5
        monkeypatch.setattr(asked, "MOST_LOOKED_AT", 20_000 if looks_at_all else 9)
        monkeypatch.setattr(asked, "MOST_KEYS", 200 if by_keys else 0)
        text = any_text_of(any_term, dice)
        meant = read_search(text, START, EVENTS)
        filter = EventFilter(service=dice.choice([None, None, ("shop",)]))
        expected = [
            event.id
            for event, row in events
            if event_holds(meant, event, row) and (filter.service is None or event.service == "shop")
        ]
        backward = dice.random() < 0.5
        found = await all_pages(res, actor, filter, text, backward=backward)
        assert found == (expected[::-1] if backward else expected), text
        if looks_at_all:
            assert await count_events(res, actor, filter=filter, search=text) == len(expected), text
        some += 0 < len(expected) < len(events)
    assert some > SEARCHES / 3


async def all_pages(res: Resources, actor, filter: EventFilter, search: str, *, backward: bool) -> list:
    """The ids of all pages, as a client goes from one to the next."""
    found, cursor = [], None
    while True:
        request = PageRequest(50, before=cursor, backward=True) if backward else PageRequest(50, after=cursor)
        page = await list_events(res, actor, filter=filter, search=search, page=request)
        ids = [event.id for event in page.items]
        found += ids[::-1] if backward else ids
        if not (page.has_previous if backward else page.has_next):
            return found
        cursor = page.start if backward else page.end
