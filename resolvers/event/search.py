"""Which events a search means, in SQL, and what of that an index finds: the rest is looked at row by row.

Every condition is true or false, never unknown, so that `!` turns it round.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, func, literal_column, not_, or_, true
from sqlalchemy import literal as value
from sqlmodel import col, select

from core.ids import lowest_uuid7_at
from domain.access import Actor
from domain.search.expression import (
    All,
    Either,
    Expression,
    HappenedTo,
    Has,
    Is,
    IsAssigned,
    IsMine,
    IsNamed,
    IsOfTeam,
    IsSevere,
    IsTagged,
    Name,
    Not,
    Thing,
    WasSeen,
    needed,
)
from domain.search.words import Words, split_words
from domain.short_id import normalise_short_id
from models import KEY_FRAMES_SEARCH, Event, GroupingKey, Issue, KeyFrames
from models.search import BETWEEN_PARTS, MESSAGE_CHARACTERS
from resolvers.asked import within
from resolvers.issue.search import (
    digests_of,
    has_words,
    holds_of,
    like_literal,
    name_matches,
    search_condition,
    stemmed,
)

# An id is made of the time of receipt; a minute more on either side is for who makes the two one after the other.
_SLACK = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# So many grouping keys whose frames have a word are gathered.
MOST_FRAMED_KEYS = 1000
_NAMES: dict[Name, Any] = {
    Name.SERVICE: col(Event.service),
    Name.TYPE: col(Event.error_type),
    Name.ENVIRONMENT: col(Event.environment),
    Name.RELEASE: col(Event.release),
    Name.CULPRIT: col(Event.culprit),
}
_THINGS: dict[Thing, Any] = {
    Thing.RELEASE: col(Event.release),
    Thing.CULPRIT: col(Event.culprit),
    Thing.USER: col(Event.user_hash),
}


def event_condition(actor: Actor, expression: Expression) -> ColumnElement[bool]:
    """The condition on an event that the search means, where it is one of events; what its issue has is looked up.

    Raises: InvalidInput where the actor is asked for, and is nobody to whom an issue can be assigned.
    """
    match expression:
        case All(parts):
            return and_(true(), *(event_condition(actor, part) for part in parts))
        case Either(parts):
            return or_(*(event_condition(actor, part) for part in parts))
        case Not(part):
            return not_(event_condition(actor, part))
        case Words() | IsSevere() | IsNamed() | IsTagged() | HappenedTo() | WasSeen():
            return _is_so(expression)
        case Has(thing) if thing in _THINGS:
            return _THINGS[thing].is_not(None)  # type: ignore[no-any-return]  # columns compare to conditions
        case _:
            return _of_issue(search_condition(actor, expression))


def _is_so(condition: Words | IsSevere | IsNamed | IsTagged | HappenedTo | WasSeen) -> ColumnElement[bool]:
    match condition:
        case Words():
            return _has_words(condition)
        case IsSevere(severities):
            return col(Event.severity).in_(sorted(severities))
        case IsNamed(name, parts):
            return holds_of(_NAMES[name], name_matches(_NAMES[name], parts))
        case IsTagged(tag, parts):
            tagged: Any = col(Event.noted_tags)
            its = tagged[tag].astext
            return its.is_not(None) if parts is None else holds_of(its, name_matches(its, parts))
        case HappenedTo(user):
            return holds_of(col(Event.user_hash), col(Event.user_hash).in_(digests_of(user)))
        case WasSeen(_, span):
            return and_(true(), *within(col(Event.received_at), span))


def indexed_conditions(expression: Expression, *, with_service: bool) -> Iterator[ColumnElement[bool]]:
    """Those of the conditions that must hold, and that an index finds in the order of the list."""
    for part in needed(expression):
        match part:
            case IsNamed(Name.SERVICE, (service,)) if with_service:
                yield col(Event.service) == service
            case WasSeen(_, span):
                if span.since is not None:
                    yield col(Event.id) >= lowest_uuid7_at(max(span.since - _SLACK, _EPOCH))
                if span.until is not None:
                    yield col(Event.id) < lowest_uuid7_at(span.until + _SLACK)


def issue_condition(actor: Actor, expression: Expression) -> ColumnElement[bool] | None:
    """What must hold of an event's issue; none where the search asks nothing of it.

    To whom an event happened, its issue happened too.

    Raises: InvalidInput, as `event_condition`.
    """
    asked = [part for part in needed(expression) if isinstance(part, HappenedTo) or _is_of_issue(part)]
    return and_(*(search_condition(actor, part) for part in asked)) if asked else None


def _is_of_issue(expression: Expression) -> bool:
    match expression:
        case All(parts) | Either(parts):
            return all(_is_of_issue(part) for part in parts)
        case Not(part):
            return _is_of_issue(part)
        case Has(thing):
            return thing not in _THINGS
        case _:
            return isinstance(expression, Is | IsMine | IsAssigned | IsOfTeam)


def _of_issue(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that the issue to which the event's key leads is so."""
    issues = select(GroupingKey.id).join(Issue, col(Issue.id) == GroupingKey.issue_id)
    return issues.where(GroupingKey.id == Event.grouping_key_id, condition).exists()


def _has_words(words: Words) -> ColumnElement[bool]:
    """The condition that the letters, or the words in any form, stand in the text of the event; or it names its issue.

    To find the stems of a text takes 7 to 16 times as long as to look for letters, so those come first: what each form
    of a word begins with is in the text of whatever has one of them.
    """
    begun = words.text.removesuffix("*") if words.is_prefix else words.text
    letters = _has_letters(value(like_literal(begun), Text))
    parts = split_words(words.text).split()
    if words.exact or words.is_prefix or (len(parts) == 1 and not parts[0].isalpha()):
        said = letters
    else:
        begin = (_has_letters(beginning_of_forms(value(part, Text))) for part in parts if part.isascii())
        said = and_(*begin, or_(letters, _STEMS.bool_op("@@")(stemmed(words))))
    found = or_(_has_in_frames(words), said)
    return or_(_is_of(words.text), found) if "-" in words.text and not words.is_prefix else found


def _has_in_frames(words: Words) -> ColumnElement[bool]:
    """The condition that the frames of the event's grouping key have the words, as those of an issue.

    Where an index finds few such keys, it is one of these. Of a word that many have, each event's key is looked at: to
    gather them all takes longer, and soon fills the page.
    """
    has = has_words(KEY_FRAMES_SEARCH, words)
    # Planned for all of its rows, and read no further than it is asked for.
    found = select(KeyFrames.key_id).where(has).cte().prefix_with("MATERIALIZED")
    some = select(found.c.key_id).limit(MOST_FRAMED_KEYS + 1)
    are_few = select(func.count()).select_from(some.subquery()).scalar_subquery() <= MOST_FRAMED_KEYS
    # Without the offset the planner might gather all that have the words here as well.
    has_its = select(KeyFrames.key_id).where(KeyFrames.key_id == Event.grouping_key_id, has).offset(0).exists()
    return case((are_few, col(Event.grouping_key_id).in_(some)), else_=has_its)


def beginning_of_forms(word: ColumnElement[str]) -> ColumnElement[str]:
    """What the forms of a word in small ASCII letters, and the word, begin with; its first letter where they differ.

    Of Snowball's English stems (snowballstem.org/algorithms/english/stemmer.html) the last letter may be another than
    that of the forms: `retri` of *retry*, `hope` of *hoping*, `visibl` of *visibility*.
    """
    begin = func.regexp_replace(stem_of(word), "[eiy]$|(?<=b)l$", "")
    return case((func.starts_with(word, begin), begin), else_=func.left(word, 1))


def stem_of(word: ColumnElement[str]) -> ColumnElement[str]:
    """The stem of an English word in small letters; nothing of one that is too common."""
    return func.array_to_string(func.ts_lexize(literal_column("'english_stem'::regdictionary"), word), "")


def _has_letters(pattern: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that the letters stand somewhere in the text, case aside."""
    return _lower(_TEXT).like(_lower("%" + pattern + "%"), escape="\\")


def _is_of(short_id: str) -> ColumnElement[bool]:
    """The condition that the event is of the issue of that short id."""
    keys = select(GroupingKey.id).join(Issue, col(Issue.id) == GroupingKey.issue_id)
    return col(Event.grouping_key_id).in_(keys.where(Issue.short_id == normalise_short_id(short_id)))


def _lower(text: ColumnElement[str]) -> ColumnElement[str]:
    """In small letters of any script, whatever the locale of the database."""
    return func.lower(text.collate("pg_c_utf8"))


_TEXT: ColumnElement[str] = func.concat_ws(
    "\n", Event.error_type, Event.culprit, func.left(Event.message, MESSAGE_CHARACTERS)
)
# As the stems of an issue are made (`models/search.py`).
_STEMS: ColumnElement[Any] = func.to_tsvector(
    "english", _lower(func.regexp_replace(_TEXT.collate("C"), BETWEEN_PARTS, " ", "g"))
)
