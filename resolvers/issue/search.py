"""Which issues a search means, in SQL: every condition is true or false, never unknown, so that `!` turns it round."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, func, not_, or_, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col, select

from domain.access import Actor
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
from domain.search.failing import fail
from domain.search.words import Words, split_words, whole_words
from models import ISSUE_FRAMES, ISSUE_SEARCH, Developer, GroupingKey, Issue, IssueCounter, KeyFacet, KeyUser, Team
from models.issue import TAG
from resolvers.asked import within
from resolvers.developer.sight import developer_in_sight, team_in_sight
from resolvers.intake.incoming import user_digest
from resolvers.issue.filter import RELEASE, has_open_alert, seen_with
from resolvers.issue.loaders import ENVIRONMENT

# The weights of words as they are written, and of their stems (`models/search.py`).
_WRITTEN, _STEMS = "AB", "CD"
_KNOWN_AS = ("id", "email", "username", "ip_address")


def search_condition(actor: Actor, expression: Expression) -> ColumnElement[bool]:
    """The condition on an issue and its counter that the search means; people and teams are those the actor may see.

    Raises: InvalidInput where the actor is asked for, and is nobody to whom an issue can be assigned.
    """
    match expression:
        case All(parts):
            return and_(true(), *(search_condition(actor, part) for part in parts))
        case Either(parts):
            return or_(*(search_condition(actor, part) for part in parts))
        case Not(part):
            return not_(search_condition(actor, part))
        case IsMine() | IsAssigned() | IsOfTeam():
            return _is_whose(actor, expression)
        case Words():
            return or_(has_words(ISSUE_SEARCH, expression), has_words(ISSUE_FRAMES, expression))
        case _:
            return _is_so(expression)


def _is_so(condition: IsNamed | IsTagged | Is | IsSevere | HappenedTo | WasSeen | Counts | Has) -> ColumnElement[bool]:
    match condition:
        case IsNamed():
            return _is_named(condition)
        case IsTagged() | HappenedTo():
            return _came_with(condition)
        case Is(state):
            return _STATES[state]()
        case IsSevere(severities):
            return col(Issue.severity).in_(sorted(severities))
        case Has(thing):
            return _THINGS[thing]()
        case _:
            return _lies_between(condition)


def _came_with(condition: IsTagged | HappenedTo) -> ColumnElement[bool]:
    match condition:
        case IsTagged(tag, parts):
            values = () if parts is None else (name_matches(col(KeyFacet.value), parts),)
            return seen_with(f"{TAG}{tag}", *values)
        case HappenedTo(user):
            return _happened(col(KeyUser.user_hash).in_(digests_of(user)))


def digests_of(user: str) -> list[bytes]:
    """The digests of whoever is known by that: as id, mail, name or address."""
    return [digest for known_as in _KNOWN_AS if (digest := user_digest({known_as: user}))]


def _lies_between(condition: WasSeen | Counts) -> ColumnElement[bool]:
    match condition:
        case WasSeen(instant, span):
            return and_(true(), *within(_INSTANTS[instant], span))
        case Counts(number, least, most):
            bounds = [_NUMBERS[number] >= least] if least is not None else []
            return and_(true(), *bounds, *([_NUMBERS[number] <= most] if most is not None else []))


def _happened(*users: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that it happened to a user of whom these hold."""
    return (
        select(GroupingKey.id)
        .join(KeyUser, (col(KeyUser.project_id) == GroupingKey.project_id) & (KeyUser.key_id == GroupingKey.id))
        .where(GroupingKey.issue_id == Issue.id, *users)
        .exists()
    )


_INSTANTS: dict[Instant, Any] = {
    Instant.FIRST: col(Issue.first_seen_at),
    Instant.LAST: col(IssueCounter.last_seen_at),
}
_NUMBERS: dict[Number, Any] = {
    Number.EVENTS: col(IssueCounter.event_count),
    Number.USERS: col(IssueCounter.user_count),
}
_STATES: dict[State, Callable[[], ColumnElement[bool]]] = {
    State.UNRESOLVED: lambda: col(Issue.status) == IssueStatus.UNRESOLVED,
    State.RESOLVED: lambda: col(Issue.status) == IssueStatus.RESOLVED,
    State.SNOOZED: lambda: col(Issue.status) == IssueStatus.SNOOZED,
    State.IGNORED: lambda: col(Issue.status) == IssueStatus.IGNORED,
    State.REGRESSION: lambda: col(Issue.is_regression).is_(True),
    State.ASSIGNED: lambda: col(Issue.assignee_id).is_not(None),
    State.UNASSIGNED: lambda: col(Issue.assignee_id).is_(None),
    State.ACKNOWLEDGED: lambda: col(Issue.acknowledged_at).is_not(None),
    State.ALERTING: has_open_alert,
}
_THINGS: dict[Thing, Callable[[], ColumnElement[bool]]] = {
    Thing.ASSIGNEE: lambda: col(Issue.assignee_id).is_not(None),
    Thing.TEAM: lambda: col(Issue.team_id).is_not(None),
    Thing.RELEASE: lambda: seen_with(RELEASE),
    Thing.ENVIRONMENT: lambda: seen_with(ENVIRONMENT),
    Thing.CULPRIT: lambda: col(Issue.culprit).is_not(None),
    Thing.USER: _happened,
    Thing.ALERT: has_open_alert,
}


def _is_whose(actor: Actor, condition: IsMine | IsAssigned | IsOfTeam) -> ColumnElement[bool]:
    match condition:
        case IsMine(column):
            if actor.developer_id is None:
                fail(column, "`me` is for developers, and this credential belongs to none.")
            return holds_of(col(Issue.assignee_id), col(Issue.assignee_id) == actor.developer_id)
        case IsAssigned(None):
            return col(Issue.assignee_id).is_(None)
        case IsAssigned(to):
            named = or_(func.lower(Developer.name) == func.lower(to), func.lower(Developer.email) == func.lower(to))
            theirs = select(Developer.id).where(named, developer_in_sight(actor))
            return holds_of(col(Issue.assignee_id), col(Issue.assignee_id).in_(theirs))
        case IsOfTeam(None):
            return col(Issue.team_id).is_(None)
        case IsOfTeam(slug):
            its = select(Team.id).where(Team.slug == slug, team_in_sight(actor))
            return holds_of(col(Issue.team_id), col(Issue.team_id).in_(its))


def _is_named(condition: IsNamed) -> ColumnElement[bool]:
    match condition.name:
        case Name.SERVICE:
            return name_matches(col(Issue.service), condition.parts)
        case Name.TYPE:
            return name_matches(col(Issue.error_type), condition.parts)
        case Name.CULPRIT:
            return holds_of(col(Issue.culprit), name_matches(col(Issue.culprit), condition.parts))
        case Name.ENVIRONMENT:
            return seen_with(ENVIRONMENT, name_matches(col(KeyFacet.value), condition.parts))
        case Name.RELEASE:
            return seen_with(RELEASE, name_matches(col(KeyFacet.value), condition.parts))


def name_matches(column: Any, parts: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition that a name is that, or has the parts of a pattern with anything between them."""
    if len(parts) == 1:
        return column == parts[0]  # type: ignore[no-any-return]  # columns compare to conditions
    return column.like("%".join(like_literal(part) for part in parts), escape="\\")  # type: ignore[no-any-return]


def like_literal(part: str) -> str:
    """The text as a pattern of LIKE that means no more than itself."""
    return part.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def holds_of(column: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on a column that may be null: of none it does not hold."""
    return and_(column.is_not(None), condition)


def has_words(vector: Any, words: Words) -> ColumnElement[bool]:
    """The condition that the words of a text, taken apart as in `models/search.py`, are these, one after the other."""
    whole, split = whole_words(words.text), split_words(words.text)
    queries: list[ColumnElement[Any]] = [
        func.to_tsquery("simple", _query(each, _WRITTEN, words)) for each in dict.fromkeys((whole, split))
    ]
    if not words.exact and not words.is_prefix:
        queries.append(stemmed(words))
    return or_(*(vector.bool_op("@@")(query) for query in queries))


def stemmed(words: Words) -> ColumnElement[Any]:
    """The stems one after the other; nothing where one is too common to have a stem: a part is not the whole."""
    split = split_words(words.text)
    query = func.to_tsquery("english", _query(split, _STEMS, words))
    return case((func.numnode(query) == 2 * len(split.split()) - 1, query), else_=cast("", TSQUERY))


def _query(text: str, weights: str, words: Words) -> str:
    """Words one after the other, as PostgreSQL reads them; there is no quote and no backslash in them."""
    *before, last = text.split()
    begun = "*" if words.is_prefix else ""
    return " <-> ".join([*(f"'{word}':{weights}" for word in before), f"'{last}':{begun}{weights}"])
