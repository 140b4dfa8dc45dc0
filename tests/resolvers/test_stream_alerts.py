"""The stream of alerts: a whole life of one, step by step, whoever takes the step."""

from datetime import timedelta

import pytest
from sqlmodel import delete

from core.clock import ManualClock
from domain.access import ANONYMOUS, system
from domain.alert import AlertStep
from domain.answer import AnswerKind
from domain.errors import InvalidInput, Unauthenticated
from domain.feed import StreamResetReason
from models import Alert
from resolvers.alert import acknowledge_alert, escalate_alert, resolve_alert
from resolvers.answer.give import give_answer
from resolvers.escalation.timer import escalate_due
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.ignore import ignore_issue
from resolvers.issue.merge import merge_issues
from resolvers.issue.resolve import resolve_issue
from resolvers.issue.snooze import snooze_issue
from resolvers.resources import Resources
from resolvers.stream import AlertChanged, StreamReset, find_position, stream_alert_changes
from resolvers.triage import take_triage
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.issue import make_issue
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.feed import reading_feed, watching
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import only_row

ALL = system()
MINUTE = timedelta(minutes=1)


def by(actor):
    return lambda: actor


async def present(res: Resources) -> str:
    return (await find_position(res, ALL)).encode()


async def told(res: Resources, count: int, *, actor=ALL, **asked: object) -> list[AlertChanged]:
    """So many steps, and no more."""
    async with watching(stream_alert_changes(res, by(actor), **asked)) as stream:
        items = await stream.take(count)
        assert await stream.is_silent()
    assert all(isinstance(item, AlertChanged) for item in items)
    return items


def steps(items: list[AlertChanged]) -> list[str]:
    return [f"{item.step} {item.level}" for item in items]


async def ring(res: Resources, project, **facts: object) -> Alert:
    """An alert that the worker has just opened."""
    issue = await make_issue(res, project, **facts)
    await make_triage(res, issue)
    await take_triage(res)
    return await only_row(res, Alert, Alert.issue_id == issue.id)


async def test_a_life_is_told_step_by_step_once_and_in_order_from_wherever_one_begins(
    mailing: Resources, clock: ManualClock
):
    project, ada = await make_on_call(mailing, name="Ada")
    grace = await join_on_call(mailing, project, name="Grace", on_call=False)
    await make_policy(mailing, a_step(5, grace), a_step(5, grace), repeat=0)
    taken, answer = mailing.settings.acknowledgement_s / 60, mailing.settings.acknowledgement_answer_s / 60
    after, hers, times = await present(mailing), acting(ada, project), []

    async def later(minutes: float) -> None:
        await clock.advance(minutes * MINUTE)
        assert await escalate_due(mailing) == 1
        times.append(clock.now())

    async with reading_feed(mailing), watching(stream_alert_changes(mailing, by(ALL))) as live:
        await live.next()
        alert = await ring(mailing, project)
        await later(5)
        await acknowledge_alert(mailing, hers, alert_id=alert.id)
        await later(taken)
        await acknowledge_alert(mailing, hers, alert_id=alert.id)
        await later(taken)
        await later(answer)
        await escalate_alert(mailing, hers, alert_id=alert.id)
        await later(5)
        # As the links in mails, the buttons in Slack and the words of text messages do.
        by_mail = {"alert_id": alert.id, "kind": AnswerKind.ACKNOWLEDGE, "by": "a link in email"}
        assert (await give_answer(mailing, developer_id=grace.id, **by_mail)).is_done
        await resolve_issue(mailing, hers, issue_id=alert.issue_id)
        life = [
            "TRIGGERED 0", "ESCALATED 1", "ACKNOWLEDGED 1", "REMINDED 1", "ACKNOWLEDGED 1", "REMINDED 1", "LAPSED 1",
            "ESCALATED 2", "UNANSWERED 2", "ACKNOWLEDGED 2", "RESOLVED 2",
        ]  # fmt: skip
        items = await live.take(len(life))
        assert steps(items) == life
        assert {item.alert.id for item in items} == {alert.id}
        assert next(item.at for item in items if item.step is AlertStep.ESCALATED) == times[0]
        assert steps(await told(mailing, len(life), after=after)) == life
        for place, item in enumerate(items):
            rest = life[place + 1 :]
            assert steps(await told(mailing, len(rest), after=item.row.cursor.encode())) == rest


async def test_what_people_do_about_an_issue_is_told_of_its_alert_too(mailing: Resources):
    project, ada = await make_on_call(mailing)
    hers, after = acting(ada, project), await present(mailing)
    until = mailing.clock.now() + MINUTE
    for end in (
        lambda issue_id: snooze_issue(mailing, hers, issue_id=issue_id, until=until),
        lambda issue_id: ignore_issue(mailing, hers, issue_id=issue_id),
        lambda issue_id: resolve_issue(mailing, hers, issue_id=issue_id),
    ):
        issue = await make_issue(mailing, project)
        await acknowledge_issue(mailing, hers, issue_id=issue.id)
        await end(issue.id)
    async with reading_feed(mailing):
        once = ["TRIGGERED 0", "ACKNOWLEDGED 0", "RESOLVED 0"]
        assert steps(await told(mailing, 9, after=after)) == once * 3


async def test_of_issues_that_are_merged_one_alert_rings_on_and_the_others_end(res: Resources):
    project = await make_project(res)
    into, *others = [await make_issue(res, project) for _ in range(3)]
    alerts = [await make_alert(res, issue) for issue in others]
    after = await present(res)
    await merge_issues(res, ALL, into_issue_id=into.id, issue_ids=[issue.id for issue in others])
    async with reading_feed(res):
        items = await told(res, 2, after=after)
        assert {(item.step, item.alert.id) for item in items} == {
            (AlertStep.MOVED, alerts[0].id), (AlertStep.RESOLVED, alerts[1].id),
        }  # fmt: skip
        (moved,) = [item for item in items if item.step is AlertStep.MOVED]
        assert (moved.alert.issue_id, moved.row.issue_id) == (into.id, into.id)


async def test_each_sees_the_alerts_of_their_projects_and_may_ask_for_one(res: Resources):
    ours, theirs = await make_project(res, slug="ours"), await make_project(res, slug="theirs")
    after = await present(res)
    rung = {project.slug: await make_alert(res, await make_issue(res, project)) for project in (theirs, ours)}
    confined = acting((await make_on_call(res))[1], ours)
    async with reading_feed(res):
        assert [item.alert.id for item in await told(res, 1, actor=confined, after=after)] == [rung["ours"].id]
        assert [item.alert.id for item in await told(res, 1, project="theirs", after=after)] == [rung["theirs"].id]
        assert await told(res, 0, actor=confined, project="theirs", after=after) == []
        assert await told(res, 0, project="nowhere", after=after) == []


async def test_who_loses_sight_of_a_project_while_watching_sees_no_more_of_it(res: Resources):
    project = await make_project(res)
    actor = [ALL]
    async with reading_feed(res), watching(stream_alert_changes(res, lambda: actor[0])) as stream:
        await stream.next()
        alert = await make_alert(res, await make_issue(res, project))
        assert steps(await stream.take(1)) == ["TRIGGERED 0"]
        actor[0] = acting((await make_on_call(res))[1])
        await resolve_alert(res, ALL, alert_id=alert.id)
        assert await stream.is_silent()


async def test_an_alert_that_is_gone_is_said_to_be_gone(res: Resources):
    after = await present(res)
    await make_alert(res, await make_issue(res, await make_project(res)))
    async with res.db.transaction() as tx:
        await tx.session.exec(delete(Alert))
    async with reading_feed(res), watching(stream_alert_changes(res, by(ALL), after=after)) as stream:
        (reset,) = await stream.take(1)
        assert isinstance(reset, StreamReset)
        assert reset.reason is StreamResetReason.EXPIRED


async def test_the_nameless_see_none_and_a_cursor_must_be_one(res: Resources):
    with pytest.raises(Unauthenticated):
        await stream_alert_changes(res, by(ANONYMOUS))
    with pytest.raises(InvalidInput):
        await stream_alert_changes(res, by(ALL), after="yesterday")
