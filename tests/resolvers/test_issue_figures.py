"""How many issues there are, in which states, and which are the busiest is what adding up all their days says."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest

from domain.access import system
from domain.event import Severity
from domain.issue import IssueStatus
from domain.stats import DAY, Coverage, Figure, Question, StatsFilter
from models import DailyCount, Issue, Project
from resolvers import busiest
from resolvers.issue.recount import recount_days
from resolvers.resources import Resources
from resolvers.stats import answer_questions
from tests.support.clock import START
from tests.support.factories.issue import count_events, find_key, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements
from tests.support.rows import all_rows
from tests.support.spans import check_spans

SERVICES, ENVIRONMENTS = ("billing", "checkout"), ("production", "staging")
LAST_DAY = 40
_FIGURES = [Question(figure) for figure in (Figure.ISSUES, Figure.NEW_ISSUES, Figure.BY_STATUS)]


class Past:
    """Issues of two projects, some of them busy for long, and what adding up all their days says."""

    def __init__(self, res: Resources, projects: list[Project], issues: list[Issue]) -> None:
        self.res, self.projects, self.issues = res, projects, issues

    async def read(self) -> None:
        self.rows = await all_rows(self.res, DailyCount)
        self.issue_of = {(await find_key(self.res, issue)).id: issue for issue in self.issues}

    def had(self, filter: StatsFilter, since: date, until: date) -> Counter:
        """How many events each issue had on the days from one to before another."""
        found: Counter = Counter()
        for row in self.rows:
            issue = self.issue_of[row.key_id]
            facts = (issue.service, filter.service), (row.environment, filter.environment)
            facts += (row.severity, filter.severities), (self._slug(row), filter.project)
            if since <= row.day < until and all(asked is None or fact in asked for fact, asked in facts):
                found[issue.id] += row.event_count
        return found

    def _slug(self, row: DailyCount) -> str:
        return next(project.slug for project in self.projects if project.id == row.project_id)


@pytest.fixture
async def past(res: Resources) -> Past:
    chance = random.Random(11)
    projects = [await make_project(res) for _ in range(2)]
    issues = []
    for place in range(40):
        first = chance.randrange(LAST_DAY)
        facts = {"service": chance.choice(SERVICES), "status": chance.choice(list(IssueStatus))}
        at = START + first * DAY
        counter = {"event_count": 0, "last_seen_at": at}
        issue = await make_issue(res, chance.choice(projects), first_seen_at=at, counter=counter, **facts)
        issues.append(issue)
        days = {first, *(chance.randrange(first, LAST_DAY) for _ in range(chance.choice([0, 1, 8])))}
        if place % 5 == 0 and first > 0:
            days.add(first - 1)  # an event that was spooled, and stored after another had made the issue
        for day in sorted(days):
            kind = {"environment": chance.choice(ENVIRONMENTS), "severity": chance.choice(list(Severity)[:3])}
            await count_events(res, issue, START + day * DAY, 1 + chance.randrange(1 + 600 // (place + 1)), **kind)
    async with res.db.transaction() as tx:  # so that no more is said of a day than there was
        for project in projects:
            await recount_days(tx, [issue for issue in issues if issue.project_id == project.id])
    found = Past(res, projects, issues)
    await found.read()
    return found


def some_filter(chance: random.Random, past: Past) -> StatsFilter:
    def some(values: Iterable[object]) -> tuple | None:
        return chance.choice([None, None, (chance.choice(list(values)),)])

    slugs = [project.slug for project in past.projects]
    parts = {"service": some(SERVICES), "environment": some(ENVIRONMENTS), "severity": some(list(Severity)[:3])}
    return StatsFilter(**parts, project=some(slugs))


def some_range(chance: random.Random) -> Coverage:
    """Up to now, or over before; some are of few days."""
    since = chance.randrange(LAST_DAY)
    until = chance.choice([LAST_DAY, since + 1, chance.randrange(since + 1, LAST_DAY + 1)])
    midnight = START.replace(hour=0)
    now = chance.choice([None, midnight + LAST_DAY * DAY - timedelta(hours=1)])
    return Coverage(midnight + since * DAY + timedelta(hours=5), midnight + until * DAY, now=now)


async def check(past: Past, filter: StatsFilter, covered: Coverage, first: int) -> None:
    questions = [*_FIGURES, Question(Figure.TOP_ISSUES, first=first)]
    number, new, states, top = await answer_questions(
        past.res, system(), filter=filter, covered=covered, questions=questions
    )
    had = past.had(filter, covered.since.date(), covered.until.date())
    those = [issue for issue in past.issues if issue.id in had]
    assert number == len(those)
    assert new == sum(covered.since <= issue.first_seen_at < covered.until for issue in those)
    assert {state: count for state, count in states.items() if count} == Counter(issue.status for issue in those)
    best = sorted(had, key=lambda each: (-had[each], each))[:first]
    assert [issue.id for issue, _ in top] == best


async def test_figures_of_issues_are_what_adding_up_their_days_says(past: Past, monkeypatch: pytest.MonkeyPatch):
    """Also where many have more events than the bound, and where more are able, or farther, than are looked at."""
    chance = random.Random(3)
    await check_spans(past.res)
    for look, last_look, farthest in ((6, 2_000, 1_000), (1, 2_000, 1_000), (1, 2_000, 4), (1, 4, 1_000)):
        monkeypatch.setattr(busiest, "_FIRST_LOOK", look)
        monkeypatch.setattr(busiest, "_LAST_LOOK", last_look)
        monkeypatch.setattr(busiest, "_FARTHEST", farthest)
        for _ in range(25):
            await check(past, some_filter(chance, past), some_range(chance), chance.choice([1, 3, 10]))


async def test_few_issues_are_added_up_for_the_busiest_of_a_long_range(past: Past):
    covered = Coverage(_midnight(START), _midnight(START) + LAST_DAY * DAY)
    top = Question(Figure.TOP_ISSUES, first=1)
    with counted_statements(past.res) as statements:
        await answer_questions(past.res, system(), filter=StatsFilter(), covered=covered, questions=[top])
    assert sum("daily_count" in statement for statement in statements) == 1


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
