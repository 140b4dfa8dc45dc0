"""Merging issues and splitting them: keys are re-pointed, and all that is shown follows them."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from domain.access import Role
from domain.alert import AlertStatus
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.event import Severity
from domain.issue import ActivityKind, IssueFilter, IssueStatus
from domain.page import PageRequest
from models import Activity, Alert, AuditEntry, Event, FeedRow, GroupingKey, Issue, IssueCounter, Project, Triage
from resolvers.intake.incoming import Stored
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.assign import assign_issue
from resolvers.issue.escalate import escalate_issue
from resolvers.issue.list import count_issues, find_issue, list_issues
from resolvers.issue.merge import merge_issues
from resolvers.issue.pages import event_pages_by_issue
from resolvers.issue.resolve import resolve_issue
from resolvers.issue.snooze import snooze_issue, wake_snoozed
from resolvers.issue.split import split_issue
from resolvers.pages import PageKey
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.spans import check_spans
from tests.support.writing import log


class Shop:
    """A project whose errors are logged for real, and somebody who triages them."""

    def __init__(self, res: Resources, project: Project, actor) -> None:
        self.res, self.project, self.actor = res, project, actor

    async def log(self, message: str, **fields) -> Stored:
        return await log(self.res, self.project, message=message, **fields)

    async def merge(self, into: UUID, *others: UUID) -> Issue:
        return await merge_issues(self.res, self.actor, into_issue_id=into, issue_ids=others)

    async def split(self, issue_id: UUID, *keys: str) -> Issue:
        return await split_issue(self.res, self.actor, issue_id=issue_id, grouping_keys=keys)

    async def keys(self, issue_id: UUID) -> list[str]:
        return [key.hash.hex() for key in await all_rows(self.res, GroupingKey, GroupingKey.issue_id == issue_id)]

    async def issue(self, issue_id: UUID) -> Issue:
        return await only_row(self.res, Issue, Issue.id == issue_id)

    async def counter(self, issue_id: UUID) -> IssueCounter:
        async with self.res.db.reading() as session:
            return (await session.exec(select(IssueCounter).where(IssueCounter.issue_id == issue_id))).one()

    async def counts(self, issue_id: UUID) -> tuple[int, int]:
        counter = await self.counter(issue_id)
        return counter.event_count, counter.user_count

    async def listed(self) -> set[UUID]:
        page = await list_issues(self.res, self.actor)
        assert await count_issues(self.res, self.actor) == len(page.items)
        return {issue.id for issue, _ in page.items}

    async def events(self, issue_id: UUID) -> set[UUID]:
        (page,) = await event_pages_by_issue(self.res, self.actor, [PageKey(issue_id, PageRequest(100))])
        return {event.id for event in page.items}


@pytest.fixture
async def shop(writing: Resources) -> Shop:
    project, ann = await make_project(writing), await make_developer(writing)
    await make_team(writing, members=(ann,), projects=(project,))
    return Shop(writing, project, acting(ann, project))


def user(name: str) -> dict[str, str]:
    return {"id": name}


async def test_a_merged_issue_has_the_events_and_users_of_all_and_those_to_come(shop: Shop):
    first = await shop.log("card declined", user=user("a"), severity="LOW", release="1.0")
    await shop.log("card declined", user=user("b"))
    second = await shop.log("card refused", user=user("b"), severity="HIGH", release="1.1", environment="staging")
    third = await shop.log("card lost", user=user("c"), service="billing")
    issue = await shop.merge(second.issue_id, first.issue_id, third.issue_id)
    assert await shop.counts(second.issue_id) == (4, 3)
    assert (issue.first_release, (await shop.counter(issue.id)).last_release) == ("1.0", "1.1")
    assert issue.first_seen_at == (await shop.issue(first.issue_id)).first_seen_at
    assert await shop.listed() == {issue.id}
    assert await shop.events(issue.id) == {event.id for event in await all_rows(shop.res, Event)}
    assert await shop.events(first.issue_id) == set()
    later = await shop.log("card declined", user=user("d"))
    assert (later.issue_id, later.is_new) == (second.issue_id, False)
    assert await shop.counts(second.issue_id) == (5, 4)
    assert await shop.counts(first.issue_id) == (0, 0)
    await check_spans(shop.res)


async def test_no_event_is_rewritten(shop: Shop):
    first, second = await shop.log("card declined"), await shop.log("card refused")
    before = await all_rows(shop.res, Event)
    await shop.merge(first.issue_id, second.issue_id)
    await shop.split(first.issue_id, *(await shop.keys(first.issue_id))[1:])
    assert await all_rows(shop.res, Event) == before


async def test_a_merged_issue_leads_to_the_other_by_its_short_id_and_by_its_id(shop: Shop):
    first, second = await shop.log("card declined"), await shop.log("card refused")
    await shop.merge(second.issue_id, first.issue_id)
    assert (await find_issue(shop.res, shop.actor, short_id=first.short_id)).id == second.issue_id
    assert (await acknowledge_issue(shop.res, shop.actor, issue_id=first.issue_id)).id == second.issue_id


async def test_a_merged_issue_is_escalated_as_the_one_it_is_now(shop: Shop):
    first, second = await shop.log("card declined", severity="HIGH"), await shop.log("card refused", severity="HIGH")
    boss = await make_developer(shop.res, role=Role.OWNER)
    for one in (second, second):
        await escalate_issue(shop.res, shop.actor, issue_id=one.issue_id, reason="Help.", to_developer_id=boss.id)
    await shop.merge(second.issue_id, first.issue_id)
    issue = await escalate_issue(
        shop.res, shop.actor, issue_id=first.issue_id, reason="It burns.", to_developer_id=boss.id
    )
    assert (issue.id, (await only_row(shop.res, Alert)).level) == (second.issue_id, 3)


async def test_splitting_all_that_came_from_an_issue_brings_it_back_as_it_was(shop: Shop):
    first = await shop.log("card declined", user=user("a"), severity="LOW", release="1.0")
    second = await shop.log("card refused", user=user("a"), severity="HIGH", release="1.1")
    before = [(await shop.issue(one.issue_id), await shop.counter(one.issue_id)) for one in (first, second)]
    theirs = await shop.keys(first.issue_id)
    await shop.merge(second.issue_id, first.issue_id)
    back = await shop.split(second.issue_id, *theirs)
    assert back.id == first.issue_id
    after = [(await shop.issue(one.issue_id), await shop.counter(one.issue_id)) for one in (first, second)]
    for (was, counted), (now, counts) in zip(before, after, strict=True):
        assert now.model_dump(exclude={"version"}) == was.model_dump(exclude={"version"})
        assert counts == counted
        assert now.version == was.version + 2
    assert await shop.listed() == {first.issue_id, second.issue_id}
    assert {key.merged_from_id for key in await all_rows(shop.res, GroupingKey)} == {None}
    await check_spans(shop.res)
    assert (await shop.log("card declined", user=user("a"), severity="LOW")).issue_id == first.issue_id


async def test_merges_of_merges_are_undone_in_any_order(shop: Shop):
    a, b, c = [await shop.log(message) for message in ("one lost", "two broken", "three gone")]
    keys = {one.issue_id: await shop.keys(one.issue_id) for one in (a, b, c)}
    await shop.merge(b.issue_id, a.issue_id)
    await shop.merge(c.issue_id, b.issue_id)
    assert {issue.merged_into_id for issue in await all_rows(shop.res, Issue)} == {None, c.issue_id}
    back = await shop.split(c.issue_id, *keys[a.issue_id], *keys[b.issue_id])
    assert (back.id, await shop.counts(back.id)) == (b.issue_id, (2, 0))
    assert (await shop.issue(a.issue_id)).merged_into_id == b.issue_id
    assert (await shop.split(b.issue_id, *keys[a.issue_id])).id == a.issue_id
    assert {id: await shop.keys(id) for id in keys} == keys
    await check_spans(shop.res)


async def test_keys_that_are_no_merged_issue_become_a_new_one_of_their_own_words(shop: Shop):
    first = await shop.log("card declined", user=user("a"), severity="HIGH")
    second = await shop.log("card refused", user=user("b"), severity="LOW", release="2.0", service="billing")
    await shop.merge(first.issue_id, second.issue_id)
    own, _ = await shop.keys(first.issue_id)
    new = await shop.split(first.issue_id, own)
    assert new.id not in (first.issue_id, second.issue_id)
    assert (new.title, new.severity, new.status) == ("ValueError: card declined", Severity.HIGH, IssueStatus.UNRESOLVED)
    assert new.short_id.startswith("CHECKOUT-")
    assert await shop.counts(new.id) == await shop.counts(first.issue_id) == (1, 1)
    assert (await shop.issue(first.issue_id)).severity is Severity.LOW
    assert (await shop.log("card declined")).issue_id == new.id


async def test_both_are_told_of_in_activity_feed_and_audit(shop: Shop):
    first, second = await shop.log("card declined"), await shop.log("card refused")
    keys = await shop.keys(first.issue_id)
    await shop.merge(second.issue_id, first.issue_id)
    await shop.split(second.issue_id, *keys)
    for kind, action in ((ActivityKind.MERGED, "mergeIssues"), (ActivityKind.SPLIT, "splitIssue")):
        steps = await all_rows(shop.res, Activity, Activity.kind == kind)
        assert {step.issue_id for step in steps} == {first.issue_id, second.issue_id}
        assert all(keys[0] in str(step.details) for step in steps)
        rows = await all_rows(shop.res, FeedRow, col(FeedRow.subject_id).in_([step.id for step in steps]))
        assert {row.issue_id for row in rows} == {first.issue_id, second.issue_id}
        audited = await all_rows(shop.res, AuditEntry, AuditEntry.action == action)
        assert {entry.target_id for entry in audited} == {first.issue_id, second.issue_id}


async def test_one_alert_rings_on_and_the_load_follows(shop: Shop):
    quiet, loud = await shop.log("card declined"), await shop.log("card refused", severity="HIGH")
    await take_triage(shop.res)
    await assign_issue(shop.res, shop.actor, issue_id=loud.issue_id, developer_id=shop.actor.developer_id)
    issue = await shop.merge(quiet.issue_id, loud.issue_id)
    alert = await only_row(shop.res, Alert)
    assert (alert.issue_id, alert.status) == (quiet.issue_id, AlertStatus.TRIGGERED)
    assert issue.assignee_id == shop.actor.developer_id
    (told,) = await all_rows(shop.res, Activity, Activity.kind == ActivityKind.MERGED, Activity.issue_id == issue.id)
    assert (told.details["movedAlert"], told.details["endedAlerts"]) == (str(alert.id), [])
    third = await shop.log("card lost", severity="HIGH")
    await take_triage(shop.res)
    await shop.merge(quiet.issue_id, third.issue_id)
    alerts = await all_rows(shop.res, Alert)
    assert {one.issue_id: one.status for one in alerts} == {
        quiet.issue_id: AlertStatus.TRIGGERED,
        third.issue_id: AlertStatus.RESOLVED,
    }


async def test_what_waited_to_be_judged_calls_for_the_issue_that_stays(shop: Shop):
    quiet, loud = await shop.log("card declined"), await shop.log("card refused", severity="HIGH")
    await shop.merge(quiet.issue_id, loud.issue_id)
    assert (await only_row(shop.res, Triage)).issue_id == quiet.issue_id
    await take_triage(shop.res)
    assert (await only_row(shop.res, Alert)).issue_id == quiet.issue_id


async def test_an_open_issue_is_not_silenced_by_one_that_was_resolved(shop: Shop):
    done, still = await shop.log("card declined"), await shop.log("card refused")
    await resolve_issue(shop.res, shop.actor, issue_id=done.issue_id)
    issue = await shop.merge(done.issue_id, still.issue_id)
    assert (issue.status, issue.resolved_at) == (IssueStatus.UNRESOLVED, None)


async def test_a_snooze_awaits_as_many_more_events_as_before(shop: Shop):
    asleep, other = await shop.log("card declined"), await shop.log("card refused")
    await snooze_issue(shop.res, shop.actor, issue_id=asleep.issue_id, event_count=3)
    keys = await shop.keys(other.issue_id)
    assert (await shop.merge(asleep.issue_id, other.issue_id)).snoozed_until_event_count == 4
    await shop.split(asleep.issue_id, *keys)
    assert (await shop.issue(asleep.issue_id)).snoozed_until_event_count == 3


async def test_an_issue_that_was_merged_away_asleep_does_not_wake(shop: Shop, clock):
    asleep, other = await shop.log("card declined"), await shop.log("card refused")
    await snooze_issue(
        shop.res, shop.actor, issue_id=asleep.issue_id, until=clock.now().replace(year=clock.now().year + 1)
    )
    await shop.merge(other.issue_id, asleep.issue_id)
    await clock.advance(timedelta(days=2))
    assert await wake_snoozed(shop.res) == 0


async def test_merging_is_refused_where_it_makes_no_sense(shop: Shop):
    first, second, third = [await shop.log(message) for message in ("one lost", "two broken", "three gone")]
    await shop.merge(second.issue_id, first.issue_id)
    elsewhere = await make_project(shop.res)
    other = await log(shop.res, elsewhere)
    everyone = acting(await make_developer(shop.res, role=Role.OWNER))
    viewer = acting(await make_developer(shop.res, role=Role.VIEWER), shop.project)
    refusals = [
        (shop.actor, third.issue_id, [], InvalidInput),
        (shop.actor, third.issue_id, [third.issue_id], InvalidInput),
        (shop.actor, third.issue_id, [first.issue_id], Conflict),
        (shop.actor, first.issue_id, [third.issue_id], Conflict),
        (shop.actor, third.issue_id, [other.issue_id], NotFound),
        (everyone, third.issue_id, [other.issue_id], InvalidInput),
        (viewer, third.issue_id, [second.issue_id], PermissionDenied),
    ]
    before = await all_rows(shop.res, Issue)
    for actor, into, others, failure in refusals:
        with pytest.raises(failure):
            await merge_issues(shop.res, actor, into_issue_id=into, issue_ids=others)
    assert await all_rows(shop.res, Issue) == before


async def test_splitting_is_refused_where_it_makes_no_sense(shop: Shop):
    first, second = await shop.log("card declined"), await shop.log("card refused")
    (own,), (foreign,) = await shop.keys(first.issue_id), await shop.keys(second.issue_id)
    viewer = acting(await make_developer(shop.res, role=Role.VIEWER), shop.project)
    for keys, word in (([], "1 to 1,000"), ([own], "at least one"), ([foreign, "zz"], "zz"), ([foreign], foreign)):
        with pytest.raises(InvalidInput, match=word) as refused:
            await shop.split(first.issue_id, *keys)
        assert refused.value.path == ("groupingKeys",)
    with pytest.raises(PermissionDenied):
        await split_issue(shop.res, viewer, issue_id=first.issue_id, grouping_keys=[own])
    await shop.merge(second.issue_id, first.issue_id)
    with pytest.raises(Conflict):
        await shop.split(first.issue_id, own)
    assert await count_issues(shop.res, shop.actor, filter=IssueFilter()) == 1
