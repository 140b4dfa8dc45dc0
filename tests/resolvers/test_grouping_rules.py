"""A project's rules of grouping: set, applied at the door, and tried before they are set."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.errors import InvalidInput, PermissionDenied
from domain.rules import FingerprintRule, GroupingRules, InAppRule
from models import AuditEntry, Event
from resolvers.event.report import stored_report
from resolvers.project.dry_run import MOST_EVENTS, try_grouping_rules
from resolvers.project.settings import update_project
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.writing import log

TOTALS = GroupingRules((FingerprintRule(("totals",), message="*total*"),))
VENDOR = GroupingRules(in_app=(InAppRule(True, path="vendor/*"),))
STACK = [
    {
        "type": "ValueError",
        "frames": [
            {"function": "main", "filename": "shop/main.py", "inApp": True},
            {"function": "send", "filename": "vendor/http.py", "inApp": False},
        ],
    }
]


async def admin(res: Resources):
    return acting(await make_developer(res, role=Role.ADMIN))


async def test_events_are_grouped_by_the_rules_a_few_seconds_later(writing: Resources, clock):
    project, actor = await make_project(writing), await admin(writing)
    before = await log(writing, project, message="bad total", fingerprint=["mine"])
    await update_project(writing, actor, project_id=project.id, grouping_rules=TOTALS)
    await clock.advance(timedelta(seconds=6))
    first = await log(writing, project, message="bad total", fingerprint=["mine"])
    second = await log(writing, project, message="total is wrong", errorType="KeyError")
    assert first.issue_id == second.issue_id != before.issue_id
    event = (await all_rows(writing, Event))[-1]
    assert stored_report(event).rules.fingerprint == "message:*total*"
    await update_project(writing, actor, project_id=project.id, grouping_rules=GroupingRules())
    await clock.advance(timedelta(seconds=6))
    assert (await log(writing, project, message="bad total", fingerprint=["mine"])).issue_id == before.issue_id
    entries = await all_rows(writing, AuditEntry, AuditEntry.action == "updateProject")
    assert [entry.after["groupingRules"] is None for entry in entries] == [False, True]


async def test_in_app_rules_are_applied_at_the_door(writing: Resources):
    project = await make_project(writing, grouping_rules={"inApp": [{"path": "vendor/*", "inApp": True}]})
    await log(writing, project, exceptions=STACK)
    (event,) = await all_rows(writing, Event)
    frames = stored_report(event).exceptions[0].frames
    assert [frame.in_app for frame in frames] == [True, True]
    assert event.culprit == "vendor/http.py in send"


async def test_only_who_may_administer_the_project_sets_rules(res: Resources):
    project = await make_project(res)
    dev = await make_developer(res)
    await make_team(res, members=(dev,), projects=(project,))
    with pytest.raises(PermissionDenied):
        await update_project(res, acting(dev, project), project_id=project.id, grouping_rules=TOTALS)


async def test_a_dry_run_says_what_would_move_and_changes_nothing(writing: Resources):
    project, actor = await make_project(writing), await admin(writing)
    bad = [await log(writing, project, message="bad total") for _ in range(3)]
    other = await log(writing, project, message="wrong total", errorType="KeyError")
    await log(writing, project, message="card declined")
    before = await all_rows(writing, Event)
    found = await try_grouping_rules(writing, actor, project=project.slug, rules=TOTALS)
    assert (found.examined, found.is_cut) == (5, False)
    assert [(move.from_id, move.to_id, move.new_number, move.events) for move in found.moves] == [
        (bad[0].issue_id, None, 1, 3),
        (other.issue_id, None, 1, 1),
    ]
    assert await all_rows(writing, Event) == before


async def test_a_dry_run_knows_issues_that_exist_and_what_rules_did_before(writing: Resources):
    project = await make_project(
        writing, grouping_rules={"fingerprint": [{"message": "*total*", "fingerprint": ["a"]}]}
    )
    actor = await admin(writing)
    ruled = await log(writing, project, message="bad total", fingerprint=["card"])
    card = await log(writing, project, message="card declined", fingerprint=["card"])
    same = await try_grouping_rules(
        writing, actor, project=project.slug, rules=GroupingRules((FingerprintRule(("a",), message="*total*"),))
    )
    assert same.moves == ()
    none = await try_grouping_rules(writing, actor, project=project.slug, rules=GroupingRules())
    assert [(move.from_id, move.to_id, move.events) for move in none.moves] == [(ruled.issue_id, card.issue_id, 1)]


async def test_in_app_rules_alone_move_nothing_that_the_full_stack_still_holds(writing: Resources):
    project, actor = await make_project(writing), await admin(writing)
    await log(writing, project, exceptions=STACK)
    assert (await try_grouping_rules(writing, actor, project=project.slug, rules=VENDOR)).moves == ()


async def test_a_dry_run_looks_at_a_week_and_at_so_many_events(res: Resources, clock):
    project, actor = await make_project(res), await admin(res)
    await make_issue(res, project, events=MOST_EVENTS + 1)
    found = await try_grouping_rules(res, actor, project=project.slug, rules=TOTALS)
    assert (found.examined, found.is_cut) == (MOST_EVENTS, True)
    await clock.advance(timedelta(days=8))
    found = await try_grouping_rules(res, actor, project=project.slug, rules=TOTALS)
    assert (found.examined, found.is_cut, found.since) == (0, False, clock.now() - timedelta(days=7))


async def test_a_dry_run_is_for_those_who_see_the_project_and_with_rules_that_are_right(res: Resources):
    project, stranger = await make_project(res), acting(await make_developer(res))
    assert await try_grouping_rules(res, stranger, project=project.slug, rules=TOTALS) is None
    with pytest.raises(InvalidInput):
        await try_grouping_rules(
            res, await admin(res), project=project.slug, rules=GroupingRules((FingerprintRule(("x",)),))
        )


async def test_rules_are_stored_under_the_names_of_the_contract(res: Resources):
    project = await make_project(res)
    await update_project(res, await admin(res), project_id=project.id, grouping_rules=TOTALS)
    row = await only_row(res, type(project), type(project).id == project.id)
    assert row.grouping_rules == {"fingerprint": [{"message": "*total*", "fingerprint": ["totals"]}], "inApp": []}
