import asyncio
from datetime import timedelta

import pytest
from sqlmodel import delete

from core.clock import ManualClock
from core.ids import uuid7
from domain.access import Role
from domain.alert import AlertStatus, AlertTrigger
from domain.event import Severity
from domain.feed import FeedKind
from domain.issue import ActivityKind, IssueStatus
from domain.notification import NotificationKind, NotificationStatus
from models import Activity, Alert, FeedRow, Issue, IssueCounter, Notification, Project, TimeOff, Triage
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.graphql import counted_statements
from tests.support.mailbox import BY_MAIL
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row


async def make_case(res: Resources, project: Project, trigger=AlertTrigger.NEW_ISSUE, **issue_facts: object) -> Issue:
    issue = await make_issue(res, project, **issue_facts)
    await make_triage(res, issue, trigger=trigger)
    return issue


async def kinds(res: Resources) -> list[ActivityKind]:
    return [activity.kind for activity in await all_rows(res, Activity)]


async def test_a_new_issue_rings_and_is_given_to_who_is_told(mailing: Resources, clock: ManualClock):
    project, developer = await make_on_call(mailing)
    await make_case(mailing, project)
    assert await take_triage(mailing) == 1
    issue, alert = await only_row(mailing, Issue), await only_row(mailing, Alert)
    notification = await only_row(mailing, Notification, BY_MAIL)
    assert issue.assignee_id == developer.id
    assert (alert.status, alert.trigger, alert.issue_id) == (AlertStatus.TRIGGERED, AlertTrigger.NEW_ISSUE, issue.id)
    assert (notification.recipient_id, notification.alert_id) == (developer.id, alert.id)
    assert (notification.status, notification.next_attempt_at) == (NotificationStatus.PENDING, clock.now())
    assert notification.kind is NotificationKind.NEW_ISSUE
    assert await kinds(mailing) == [ActivityKind.ASSIGNED, ActivityKind.NOTIFIED]
    assert await all_rows(mailing, Triage) == []


async def test_every_step_is_in_the_feed_and_makes_the_issue_newer(mailing: Resources):
    project, _ = await make_on_call(mailing)
    before = await make_case(mailing, project)
    await take_triage(mailing)
    activities, feed = (
        await all_rows(mailing, Activity),
        await all_rows(mailing, FeedRow, FeedRow.kind == FeedKind.ISSUE_CHANGED),
    )
    assert [row.subject_id for row in feed] == [activity.id for activity in activities]
    assert (await only_row(mailing, Issue)).version == before.version + len(activities)


async def test_taking_twice_tells_once(mailing: Resources):
    project, _ = await make_on_call(mailing)
    await make_case(mailing, project)
    assert [await take_triage(mailing), await take_triage(mailing)] == [1, 0]
    assert len(await all_rows(mailing, Notification, BY_MAIL)) == 1


async def test_workers_at_once_take_each_row_once(mailing: Resources):
    project, _ = await make_on_call(mailing, max_load=1000)
    for _ in range(10):
        await make_case(mailing, project)
    assert sum(await asyncio.gather(*(take_triage(mailing) for _ in range(3)))) == 10
    assert len(await all_rows(mailing, Alert)) == 10
    assert len(await all_rows(mailing, Notification, BY_MAIL)) == 10


async def test_many_rows_are_taken_in_batches(mailing: Resources):
    issue = await make_issue(mailing, await make_project(mailing), status=IssueStatus.RESOLVED)
    for _ in range(110):
        await make_triage(mailing, issue)
    assert [await take_triage(mailing) for _ in range(4)] == [50, 50, 10, 0]


async def test_without_anybody_on_call_the_owner_is_told_and_the_timeline_says_so(mailing: Resources):
    owner = await make_developer(mailing, role=Role.OWNER, name="Ada")
    await make_case(mailing, await make_project(mailing, owner_id=owner.id))
    await take_triage(mailing)
    assert await kinds(mailing) == [ActivityKind.NOBODY_NOTIFIED, ActivityKind.ASSIGNED, ActivityKind.NOTIFIED]
    assert (await all_rows(mailing, Activity))[0].note == (
        "Nobody on call was told: nobody in the project knows checkout; Ada, who answers for the project, was told instead."
    )
    assert (await only_row(mailing, Issue)).assignee_id == owner.id
    assert (await only_row(mailing, Notification, BY_MAIL)).recipient_id == owner.id


async def test_without_an_owner_every_administrator_is_warned_and_the_issue_stays_nobodys(mailing: Resources):
    admins = [await make_developer(mailing, role=Role.ADMIN) for _ in range(2)]
    await make_case(mailing, await make_project(mailing))
    await take_triage(mailing)
    assert {row.recipient_id for row in await all_rows(mailing, Notification, BY_MAIL)} == {
        admin.id for admin in admins
    }
    assert (await only_row(mailing, Issue)).assignee_id is None
    assert (await kinds(mailing))[0] is ActivityKind.NOBODY_NOTIFIED


async def test_with_nobody_at_all_the_alert_rings_and_the_timeline_says_that_nobody_was_told(mailing: Resources):
    await make_case(mailing, await make_project(mailing))
    assert await take_triage(mailing) == 1
    assert await kinds(mailing) == [ActivityKind.NOBODY_NOTIFIED]
    assert (await only_row(mailing, Alert)).status is AlertStatus.TRIGGERED


async def test_without_a_mail_server_the_notification_is_held_back_and_the_timeline_says_so(res: Resources):
    project, developer = await make_on_call(res)
    await make_case(res, project)
    await take_triage(res)
    notification = await only_row(res, Notification, BY_MAIL)
    assert (notification.status, notification.next_attempt_at) == (NotificationStatus.SUPPRESSED, None)
    assert "TOCSIN_SMTP_URL" in notification.reason
    assert await kinds(res) == [ActivityKind.ASSIGNED, ActivityKind.NOBODY_NOTIFIED]
    assert (await only_row(res, Issue)).assignee_id == developer.id


async def test_a_regression_stays_with_who_had_it_and_tells_them(mailing: Resources):
    project, _ = await make_on_call(mailing)
    previous = await join_on_call(mailing, project)
    await make_case(mailing, project, AlertTrigger.REGRESSION, assignee_id=previous.id, is_regression=True)
    await take_triage(mailing)
    notification = await only_row(mailing, Notification, BY_MAIL)
    assert (notification.kind, notification.recipient_id) == (NotificationKind.REGRESSION, previous.id)
    assert await kinds(mailing) == [ActivityKind.NOTIFIED]


async def test_a_regression_of_who_is_not_on_call_tells_who_is_too_and_stays_whose_it_was(mailing: Resources):
    project, on_call = await make_on_call(mailing)
    previous = await join_on_call(mailing, project, on_call=False, name="Ada")
    await make_case(mailing, project, AlertTrigger.REGRESSION, assignee_id=previous.id)
    await take_triage(mailing)
    told = {row.recipient_id: row.content["reason"] for row in await all_rows(mailing, Notification, BY_MAIL)}
    assert told == {
        previous.id: "The issue is yours.",
        on_call.id: "Ada, whose the issue is, is not on call, so you are told too: knows checkout, on call, 0 of 10 open issues.",
    }
    assert (await only_row(mailing, Issue)).assignee_id == previous.id


async def test_time_off_counts_for_more_than_being_on_call(mailing: Resources, clock: ManualClock):
    project, on_call = await make_on_call(mailing)
    off = await join_on_call(mailing, project, name="Ada")
    async with mailing.db.transaction() as tx:
        ends_at = clock.now() + timedelta(days=1)
        tx.session.add(TimeOff(id=uuid7(clock.now()), developer_id=off.id, starts_at=clock.now(), ends_at=ends_at))
    await make_case(mailing, project, AlertTrigger.REGRESSION, assignee_id=off.id)
    await take_triage(mailing)
    told = {row.recipient_id: row.content["reason"] for row in await all_rows(mailing, Notification, BY_MAIL)}
    assert told[on_call.id].startswith("Ada, whose the issue is, is off, so you are told too: ")
    assert set(told) == {off.id, on_call.id}


@pytest.mark.parametrize(
    ("trigger", "severity"), [(AlertTrigger.NEW_ISSUE, Severity.HIGH), (AlertTrigger.REGRESSION, Severity.MEDIUM)]
)
async def test_only_a_regression_that_matters_tells_anybody_else(mailing: Resources, trigger, severity):
    project, _ = await make_on_call(mailing)
    previous = await join_on_call(mailing, project, on_call=False)
    await make_case(mailing, project, trigger, assignee_id=previous.id, severity=severity)
    await take_triage(mailing)
    told = {row.recipient_id for row in await all_rows(mailing, Notification, BY_MAIL)}
    assert told == ({previous.id} if severity is Severity.HIGH else set())


async def test_where_nobody_is_on_call_for_a_regression_the_policy_is_asked_else_the_timeline_says_so(
    mailing: Resources,
):
    project, ada = await make_on_call(mailing, on_call=False, name="Ada")
    await make_case(mailing, project, AlertTrigger.REGRESSION, assignee_id=ada.id)
    await take_triage(mailing)
    assert await kinds(mailing) == [ActivityKind.NOTIFIED, ActivityKind.NOBODY_NOTIFIED]
    assert (await all_rows(mailing, Activity))[-1].note == (
        "Nobody on call was told: Ada, whose the issue is, is not on call, and nobody who knows checkout is on call."
    )
    bob = await make_developer(mailing, role=Role.ADMIN)
    await make_policy(mailing, a_step(5, bob), services=["checkout"])
    await make_case(mailing, project, AlertTrigger.REGRESSION, assignee_id=ada.id)
    await take_triage(mailing)
    mail = (await all_rows(mailing, Notification, BY_MAIL))[-1]
    assert mail.recipient_id == bob.id
    assert "nobody who knows checkout is on call: the policy is asked." in mail.content["reason"]


async def test_a_regression_of_who_left_the_project_is_routed_anew(mailing: Resources):
    project, developer = await make_on_call(mailing)
    gone = await make_developer(mailing)
    await make_case(mailing, project, AlertTrigger.REGRESSION, assignee_id=gone.id)
    await take_triage(mailing)
    assert (await only_row(mailing, Issue)).assignee_id == developer.id
    assert (await only_row(mailing, Notification, BY_MAIL)).recipient_id == developer.id


@pytest.mark.parametrize(
    ("status", "alerts"), [(AlertStatus.TRIGGERED, 1), (AlertStatus.ACKNOWLEDGED, 1), (AlertStatus.RESOLVED, 2)]
)
async def test_an_open_alert_is_kept_and_a_resolved_one_followed_by_a_new_one(mailing: Resources, status, alerts):
    project, _ = await make_on_call(mailing)
    await make_alert(mailing, await make_case(mailing, project), status=status)
    await take_triage(mailing)
    found = await all_rows(mailing, Alert)
    assert len(found) == alerts
    assert (await only_row(mailing, Notification, BY_MAIL)).alert_id == found[-1].id


@pytest.mark.parametrize("status", [IssueStatus.RESOLVED, IssueStatus.SNOOZED, IssueStatus.IGNORED])
async def test_an_issue_that_somebody_dealt_with_meanwhile_calls_nobody(mailing: Resources, status):
    project, _ = await make_on_call(mailing)
    await make_case(mailing, project, status=status)
    assert await take_triage(mailing) == 1
    assert await all_rows(mailing, Alert) == []
    assert await all_rows(mailing, Triage) == []


async def test_a_row_whose_issue_is_gone_is_dropped(mailing: Resources):
    issue = await make_case(mailing, await make_project(mailing))
    async with mailing.db.transaction() as tx:
        await tx.session.exec(delete(IssueCounter))
        await tx.session.exec(delete(Issue).where(Issue.id == issue.id))
    assert await take_triage(mailing) == 1
    assert await all_rows(mailing, Triage) == []


async def refuse_alerts(res: Resources, issue: Issue) -> None:
    """Let the database refuse every alert of that issue."""
    await res.db.raw.execute(f"ALTER TABLE alert ADD CONSTRAINT refused CHECK (issue_id <> '{issue.id}')")


async def test_a_row_that_fails_leaves_nothing_holds_up_no_other_and_is_taken_later(
    mailing: Resources, clock: ManualClock
):
    project, _ = await make_on_call(mailing)
    bad = await make_case(mailing, project)
    good = await make_case(mailing, project)
    await refuse_alerts(mailing, bad)
    assert [await take_triage(mailing), await take_triage(mailing)] == [1, 0]
    assert [alert.issue_id for alert in await all_rows(mailing, Alert)] == [good.id]
    assert {activity.issue_id for activity in await all_rows(mailing, Activity)} == {good.id}
    await mailing.db.raw.execute("ALTER TABLE alert DROP CONSTRAINT refused")
    await clock.advance(timedelta(seconds=5))
    assert await take_triage(mailing) == 1
    assert {alert.issue_id for alert in await all_rows(mailing, Alert)} == {good.id, bad.id}


async def test_what_is_judged_together_is_shared_out_as_one_by_one(mailing: Resources):
    project, ada = await make_on_call(mailing, max_load=3)
    bob = await join_on_call(mailing, project, max_load=3)
    for _ in range(8):
        await make_case(mailing, project)
    assert await take_triage(mailing) == 8
    issues = await all_rows(mailing, Issue)
    assert [issue.assignee_id for issue in issues[:6]] == [ada.id, bob.id] * 3
    assert not {issue.assignee_id for issue in issues[6:]} & {ada.id, bob.id}
    assert issues[4].assignment_reason == "knows checkout, on call, 2 of 3 open issues"


async def test_one_with_a_fault_is_found_among_those_judged_together(mailing: Resources):
    project, _ = await make_on_call(mailing, max_load=1000)
    bad, *good = [await make_case(mailing, project) for _ in range(3)]
    sql = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$"
    await mailing.db.raw.execute(sql)
    only = f"FOR EACH ROW WHEN (NEW.issue_id = '{bad.id}') EXECUTE FUNCTION fail()"
    await mailing.db.raw.execute(f"CREATE TRIGGER fail BEFORE INSERT ON alert {only}")
    assert await take_triage(mailing) == 2
    assert {alert.issue_id for alert in await all_rows(mailing, Alert)} == {issue.id for issue in good}
    assert [row.issue_id for row in await all_rows(mailing, Triage)] == [bad.id]


async def test_rows_of_one_issue_that_are_judged_together_share_its_alert(mailing: Resources):
    project, _ = await make_on_call(mailing, max_load=1000)
    issue = await make_case(mailing, project)
    await make_triage(mailing, issue, trigger=AlertTrigger.REGRESSION)
    assert await take_triage(mailing) == 2
    assert (await only_row(mailing, Alert)).trigger is AlertTrigger.NEW_ISSUE
    mails = await all_rows(mailing, Notification, BY_MAIL)
    assert [mail.kind for mail in mails] == [NotificationKind.NEW_ISSUE, NotificationKind.REGRESSION]


async def test_judging_many_takes_hardly_more_statements_than_judging_two(mailing: Resources):
    project, _ = await make_on_call(mailing, max_load=1000)
    taken = []
    for count in (2, 20):
        for _ in range(count):
            issue = await make_issue(mailing, project)
            latest = "SELECT last_event_id FROM issue_counter WHERE issue_id = $1"
            await make_triage(mailing, issue, event_id=await mailing.db.raw.fetchval(latest, issue.id))
        with counted_statements(mailing) as seen:
            assert await take_triage(mailing) == count
        taken.append(len(seen))
    assert taken[1] <= taken[0]
