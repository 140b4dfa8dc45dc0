"""Issues made at random, and what a search finds of them for a reader who takes it literally, row by row."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from domain.event import Severity
from domain.issue import IssueStatus
from domain.search.expression import (
    All,
    Counts,
    Either,
    Expression,
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
from domain.search.words import Words, split_words, whole_words
from models import Issue, KeyUser
from resolvers.intake.incoming import user_digest
from resolvers.resources import Resources
from tests.support.clock import START
from tests.support.factories.alert import make_alert
from tests.support.factories.issue import find_key, make_facets, make_frames, make_issue, make_key

WORDS = ("alpha", "bravo", "delta", "foxtrot")  # each is its own stem
FRAME_WORDS = ("hotel", "oscar", "alpha", "retried")  # so is each of these but the last
# The words that have other forms, and the stem of these.
STEMS = {
    **dict.fromkeys(("retry", "retries", "retried"), "retri"),
    **dict.fromkeys(("hope", "hoped", "hopes", "hoping"), "hope"),
    **dict.fromkeys(("visible", "visibly", "visibility"), "visibl"),
}
TAGS = ("a", "B.c")
NAMES = ("shop", "shop_2", "s%p", "Shop", "eu-shop")
STATES = {
    State.UNRESOLVED: IssueStatus.UNRESOLVED,
    State.RESOLVED: IssueStatus.RESOLVED,
    State.SNOOZED: IssueStatus.SNOOZED,
    State.IGNORED: IssueStatus.IGNORED,
}


Line: TypeAlias = tuple[str, ...]
"""The words of a frame."""


@dataclass(frozen=True)
class Row:
    """An issue as a person sees it."""

    issue: Issue
    words: tuple[str, ...]
    events: int
    users: int
    last_seen_at: datetime
    facets: dict[Name, tuple[str, ...]]
    tags: dict[str, tuple[str, ...]]
    assignee: str | None
    team: str | None
    known_users: tuple[str, ...]
    has_alert: bool
    frames: dict[UUID, list[Line]]
    known_frames: str


async def make_rows(res: Resources, dice: random.Random, project, people, teams) -> list[Row]:
    rows = []
    for number in range(40):
        words = tuple(dice.sample(WORDS, dice.randrange(1, 4)))
        person, team = dice.choice([None, *people]), dice.choice([None, *teams])
        events, users = dice.randrange(5), dice.randrange(3)
        last = START - timedelta(hours=dice.randrange(96))
        issue = await make_issue(
            res,
            project,
            events=0,
            short_id=f"I-{number}",
            title=" ".join(words),
            message="",
            error_type=dice.choice(NAMES),
            culprit=dice.choice([None, *NAMES]),
            service=dice.choice(NAMES),
            severity=dice.choice(list(Severity)),
            status=dice.choice(list(IssueStatus)),
            is_regression=dice.random() < 0.3,
            first_seen_at=last - timedelta(hours=dice.randrange(96)),
            assignee_id=person and person.id,
            team_id=team and team.id,
            acknowledged_at=dice.choice([None, START]),
            counter={"event_count": events, "user_count": users, "last_seen_at": last},
        )
        facets = {name: tuple(dice.sample(NAMES, dice.randrange(3))) for name in (Name.ENVIRONMENT, Name.RELEASE)}
        for name, values in facets.items():
            await make_facets(res, issue, str(name), *values)
        tags = {tag: tuple(dice.sample(NAMES, dice.randrange(3))) for tag in TAGS}
        for tag, values in tags.items():
            await make_facets(res, issue, f"tag.{tag}", *values)
        known = tuple(dice.sample(("ada", "bob"), dice.randrange(3)))
        key = await find_key(res, issue)
        async with res.db.transaction() as tx:
            for user in known:
                digest = user_digest({dice.choice(("id", "email", "username", "ip_address")): user})
                tx.session.add(KeyUser(project_id=project.id, key_id=key.id, user_hash=digest))
        has_alert = dice.random() < 0.2
        if has_alert:
            await make_alert(res, issue)
        rows.append(
            Row(
                issue,
                words,
                events,
                users,
                last,
                facets,
                tags,
                person and person.name,
                team and team.slug,
                known,
                has_alert,
                *await make_stacks(res, dice, issue),
            )
        )
    return rows


async def make_stacks(res: Resources, dice: random.Random, issue: Issue) -> tuple[dict[UUID, list[Line]], str]:
    """Up to two more grouping keys, of each key the frames, whose words are joined in any way, and of one of them as they are written."""
    stacks, texts = {}, {}
    for key in [await find_key(res, issue), *[await make_key(res, issue) for _ in range(dice.randrange(3))]]:
        lines = [tuple(dice.sample(FRAME_WORDS, dice.randrange(1, 4))) for _ in range(dice.randrange(4))]
        if lines:
            texts[key.id] = [written(dice, line) for line in lines]
            await make_frames(res, issue, *texts[key.id], key=key)
        stacks[key.id] = lines
    return stacks, min(map(known_text, texts.values()), default="")


def known_text(calls: list[str]) -> str:
    return "\n".join(map(split_words, calls)) + " " + "\n".join(map(whole_words, calls))


def written(dice: random.Random, line: Line) -> str:
    between = dice.choice((".", "_", "/", ""))
    return between.join(word if between else word.capitalize() for word in line)


def has_line(lines: Iterable[Line], words: Words) -> bool:
    """Whether the words follow each other in one of the frames: in any form, exactly, or the last of them begun."""
    asked = split_words(words.text).split()
    spans = [line[at : at + len(asked)] for line in lines for at in range(len(line) - len(asked) + 1)]
    if words.is_prefix:
        return any([*span[:-1]] == asked[:-1] and span[-1].startswith(asked[-1]) for span in spans)
    forms = [asked] if words.exact else [asked, [STEMS.get(word, word) for word in asked]]
    return any([*map(form, span)] in forms for span in spans for form in (str, lambda word: STEMS.get(word, word)))


def holds(expression: Expression, row: Row) -> bool:  # noqa: C901, PLR0911, PLR0912 - one case a condition
    match expression:
        case All(parts):
            return all(holds(part, row) for part in parts)
        case Either(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Words(text, is_prefix=True):
            is_said = any(word.startswith(text.removesuffix("*")) for word in row.words)
            return is_said or has_line(chain(*row.frames.values()), expression)
        case Words(text):
            is_said = f" {text} " in f" {' '.join(row.words)} "
            return is_said or has_line(chain(*row.frames.values()), expression)
        case IsSevere(severities):
            return row.issue.severity in severities
        case Is(state) if state in STATES:
            return row.issue.status == STATES[state]
        case Is(state):
            return {
                State.REGRESSION: row.issue.is_regression,
                State.ASSIGNED: row.assignee is not None,
                State.UNASSIGNED: row.assignee is None,
                State.ACKNOWLEDGED: row.issue.acknowledged_at is not None,
                State.ALERTING: row.has_alert,
            }[state]
        case IsNamed(name, parts):
            return any(is_like(value, parts) for value in names(row, name))
        case IsTagged(tag, None):
            return bool(row.tags.get(tag))
        case IsTagged(tag, parts):
            return any(is_like(value, parts) for value in row.tags.get(tag, ()))
        case IsMine():
            return row.assignee == "me myself"
        case IsAssigned(to):
            return row.assignee == (to and to.lower())
        case IsOfTeam(slug):
            return row.team == slug
        case HappenedTo(user):
            return user in row.known_users
        case WasSeen(instant, span):
            at = row.last_seen_at if instant is Instant.LAST else row.issue.first_seen_at
            return (span.since is None or at >= span.since) and (span.until is None or at < span.until)
        case Counts(number, least, most):
            count = row.events if number is Number.EVENTS else row.users
            return (least is None or count >= least) and (most is None or count <= most)
        case Has(thing):
            return {
                Thing.ASSIGNEE: row.assignee is not None,
                Thing.TEAM: row.team is not None,
                Thing.CULPRIT: row.issue.culprit is not None,
                Thing.RELEASE: bool(row.facets[Name.RELEASE]),
                Thing.ENVIRONMENT: bool(row.facets[Name.ENVIRONMENT]),
                Thing.USER: bool(row.known_users),
                Thing.ALERT: row.has_alert,
            }[thing]


def names(row: Row, name: Name) -> tuple[str, ...]:
    match name:
        case Name.SERVICE:
            return (row.issue.service,)
        case Name.TYPE:
            return (row.issue.error_type,)
        case Name.CULPRIT:
            return (row.issue.culprit,) if row.issue.culprit is not None else ()
        case _:
            return row.facets[name]


def is_like(value: str, parts: tuple[str, ...]) -> bool:
    """Whether the parts are in the value in turn, the first at its start and the last at its end."""
    if len(parts) == 1:
        return value == parts[0]
    first, *between, last = parts
    if not value.startswith(first) or not value.endswith(last) or len(value) < len(first) + len(last):
        return False
    rest = value[len(first) : len(value) - len(last)]
    for part in between:
        _, hit, rest = rest.partition(part) if part else ("", "x", rest)
        if not hit:
            return False
    return True


def any_text_of(any_term: Callable[[random.Random], str], dice: random.Random, depth: int = 3) -> str:
    """A search, written at random."""
    kind = dice.randrange(6) if depth else 0
    if kind < 3:
        return ("!" if dice.random() < 0.3 else "") + any_term(dice)
    parts = [any_text_of(any_term, dice, depth - 1) for _ in range(2)]
    return [f"{parts[0]} {parts[1]}", f"({parts[0]} OR {parts[1]})", f"!({parts[0]} {parts[1]})"][kind - 3]
