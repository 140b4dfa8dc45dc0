"""A simulation tells what would happen, by what would do it, and leaves nothing behind."""

from datetime import UTC, datetime, time, timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.contact import Importance
from domain.errors import InvalidInput
from domain.event import Severity
from domain.notification import Channel
from domain.schedule.definition import RotationKind
from models import Activity, Alert, Developer, Escalation, FeedRow, Issue, Notification
from resolvers.resources import Resources
from resolvers.simulation import simulate_alert
from tests.support.actors import acting
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows

MINUTE = timedelta(minutes=1)


@pytest.fixture
def simulate(mailing: Resources, clock: ManualClock):
    """What is simulated as (minutes from now, level, name, channel, warning)."""

    async def ask(severity=Severity.HIGH, *, actor=None, service="checkout", **more):
        actor = actor or acting(await make_developer(mailing, role=Role.OWNER, name="Owner"))
        found = await simulate_alert(mailing, actor, service=service, severity=severity, **more)
        names = {row.id: row.name for row in await all_rows(mailing, Developer)}
        start = more.get("at", clock.now())
        return [
            (round((one.at - start) / MINUTE), one.level, names.get(one.developer_id), one.channel, one.warning)
            for one in found
        ]

    return ask


async def test_it_names_who_is_told_at_once_and_who_at_each_step(mailing: Resources, simulate):
    project, ada = await make_on_call(mailing, name="Ada")
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    await make_policy(mailing, a_step(5, ada), a_step(15, bob), repeat=3)
    held = "Held back: no verified contact method for it."
    assert [one for one in await simulate() if one[3] is Channel.EMAIL] == [
        (0, 0, "Ada", Channel.EMAIL, None),
        (5, 1, "Ada", Channel.EMAIL, None),
        (20, 2, "Bob", Channel.EMAIL, None),
    ]
    assert all(held == warning for *_, channel, warning in await simulate() if channel is Channel.SLACK)


async def test_nothing_is_left_of_it(mailing: Resources, simulate):
    _, ada = await make_on_call(mailing, name="Ada")
    await make_alert_rule(mailing, ada)
    await make_policy(mailing, a_step(0, ada))
    before = (await all_rows(mailing, Developer, Developer.id == ada.id))[0].last_assigned_at
    assert len(await simulate()) > 1
    for table in (Issue, Alert, Escalation, Notification, Activity, FeedRow):
        assert await all_rows(mailing, table) == []
    assert (await all_rows(mailing, Developer, Developer.id == ada.id))[0].last_assigned_at == before


async def test_it_asks_who_is_on_call_at_that_time_and_whose_quiet_hours_are_then(mailing: Resources, simulate):
    project, _ = await make_on_call(mailing, services=("billing",))
    people = [await join_on_call(mailing, project, name=name, services=(), on_call=False) for name in ("Ada", "Bob")]
    day = datetime(2026, 6, 1, tzinfo=UTC)
    await make_schedule(mailing, *people, kind=RotationKind.DAILY, starts_at=day, services=["checkout"])
    rule = {"channel": Channel.EMAIL, "importance": Importance.IMPORTANT, "quiet_start": "02:00", "quiet_end": "04:00"}
    await make_rule(mailing, people[1], **rule)
    first = await simulate(at=datetime.combine(day, time(3), UTC))
    second = await simulate(at=datetime.combine(day + timedelta(days=1), time(3), UTC))
    assert first[0][:4] == (0, 0, "Ada", Channel.EMAIL)
    assert (0, 0, "Bob", Channel.EMAIL, "Held back: quiet hours.") in second


async def test_a_delay_of_ones_own_is_shown(mailing: Resources, simulate):
    _, ada = await make_on_call(mailing, name="Ada")
    await make_contact(mailing, ada, channel=Channel.EMAIL, value="ada@home.example")
    await make_rule(mailing, ada, channel=Channel.EMAIL, importance=Importance.IMPORTANT, delay_s=600)
    assert {one[0] for one in await simulate() if one[1] == 0} == {10}


async def test_what_would_be_gathered_for_a_digest_is_shown_at_its_end(mailing: Resources, simulate):
    _, ada = await make_on_call(mailing, name="Ada")
    await make_alert_rule(mailing, ada)
    await make_rule(mailing, ada, channel=Channel.EMAIL, digest_s=3600)
    half_past = mailing.clock.now() + timedelta(minutes=30)
    assert (30, 0, "Ada", Channel.EMAIL, None) in await simulate(severity=Severity.MEDIUM, at=half_past)


async def test_where_nobody_would_be_told_it_says_why(mailing: Resources, simulate):
    await make_project(mailing)
    ((_, _, nobody, channel, warning),) = await simulate(Severity.LOW)
    assert (nobody, channel) == (None, None)
    assert "no alert rule minds it" in warning


async def test_a_step_that_reaches_nobody_is_a_warning(mailing: Resources, simulate):
    _, ada = await make_on_call(mailing, name="Ada")
    await make_policy(mailing, a_step(5, await make_schedule(mailing)), a_step(9, ada), name="Shop")
    assert (5, 1, None, None, "Level 1 of Shop reaches nobody now.") in await simulate()


async def test_what_is_only_on_the_dashboard_is_shown_there(mailing: Resources, simulate):
    _, ada = await make_on_call(mailing, name="Ada")
    await make_alert_rule(mailing, ada)
    assert await simulate(Severity.LOW) == [(0, 0, "Ada", Channel.DASHBOARD, None)]


async def test_the_project_is_the_one_that_has_the_service_or_is_named(mailing: Resources, simulate):
    project, _ = await make_on_call(mailing, name="Ada")
    other = await make_project(mailing)
    with pytest.raises(InvalidInput, match="several"):
        await simulate()
    await make_issue(mailing, project)
    assert (await simulate())[0][2] == "Ada"
    assert (await simulate(project=other.slug))[0][2] == "Owner"
    with pytest.raises(InvalidInput, match="no such project"):
        await simulate(project="nowhere")


async def test_a_project_out_of_sight_is_not_there(mailing: Resources, simulate):
    project, ada = await make_on_call(mailing, name="Ada")
    other = await make_project(mailing)
    with pytest.raises(InvalidInput, match="no such project"):
        await simulate(actor=acting(ada, project), project=other.slug)


async def test_a_time_far_away_is_refused(mailing: Resources, simulate, clock: ManualClock):
    await make_project(mailing)
    with pytest.raises(InvalidInput, match="year"):
        await simulate(at=clock.now() + timedelta(days=400))
