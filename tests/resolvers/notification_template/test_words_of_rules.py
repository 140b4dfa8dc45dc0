"""What people get of an alert whose rule has words of its own."""

import pytest

from domain.event import Severity
from domain.notification import Channel, NotificationKind
from models import AlertRule, Developer, Issue, Notification
from resolvers.alert_rule.settings import delete_alert_rule
from resolvers.notification.mail import make_mail
from resolvers.notification.outbox import notify
from resolvers.notification.sms import make_text
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.contact import make_contact
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification_template import make_template
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows
from tests.support.writing import log, running_writer

OWN = "Run book 7: {{ title }} in {{ service }}"
SAYS = "Run book 7: ValueError: bad total in checkout"
MAILED = (Notification.channel == Channel.EMAIL,)


async def tell(res: Resources, issue: Issue, rule: AlertRule | None, *people: Developer) -> list[Notification]:
    """What each of them got first, of an alert of the issue that the rule called for."""
    alert = await make_alert(res, issue, rule_id=rule.id if rule else None)
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        told = [
            await notify(
                res, tx, kind=NotificationKind.ALERT, issue=held, alert=alert, recipient=person,
                reason="You are on call.", dedup="it", channels=[Channel.EMAIL, Channel.SMS],
            )
            for person in people
        ]  # fmt: skip
    return [row for rows in told for row in rows if row.channel is not Channel.DASHBOARD]


@pytest.fixture
async def issue(mailing: Resources):
    return await make_issue(mailing, await make_project(mailing, name="Shop"), severity=Severity.CRITICAL)


@pytest.fixture
async def ada(mailing: Resources):
    person = await make_developer(mailing, name="Ada")
    await make_contact(mailing, person, Channel.SMS, value="+4915112345678")
    return person


async def test_the_text_of_the_rule_goes_before_all_templates_and_the_subject_of_a_mail_stays_theirs(
    mailing: Resources, issue: Issue, ada: Developer
):
    template = {"kind": NotificationKind.ALERT, "project": await make_project(mailing)}
    await make_template(mailing, subject="{{ short_id }}!", text="All")
    await make_template(mailing, text="Elsewhere", **template)
    await make_template(mailing, channel=Channel.SMS, text="All")
    mail, text = await tell(mailing, issue, await make_alert_rule(mailing, template=OWN), ada)
    assert (mail.channel, mail.subject, mail.content["said"]) == (Channel.EMAIL, f"{issue.short_id}!", SAYS)
    made = make_mail(mailing.settings, mail)
    assert made.text.startswith(f"{SAYS}\n")
    assert "Acknowledge:" in made.text
    assert f'pre-wrap;overflow-wrap:anywhere">{SAYS}</p>' in made.html
    assert make_text(text).startswith(f"{SAYS} Reply A ")


async def test_an_alert_of_a_rule_without_words_or_of_none_has_those_of_templates(
    mailing: Resources, issue: Issue, ada: Developer
):
    await make_alert_rule(mailing, template=OWN)
    await make_template(mailing, text="All")
    mail, text = await tell(mailing, issue, await make_alert_rule(mailing), ada)
    assert (mail.content["said"], "said" in text.content) == ("All", False)
    other = await make_issue(mailing, await make_project(mailing), severity=Severity.CRITICAL)
    assert (await tell(mailing, other, None, ada))[0].content["said"] == "All"


async def test_each_channel_gets_what_it_can_hold(mailing: Resources, issue: Issue, ada: Developer):
    rule = await make_alert_rule(mailing, template="{{ title }} " + "x" * 3000)
    mail, text = await tell(mailing, issue, rule, ada)
    assert len(mail.content["said"]) > 3000
    assert len(text.content["said"]) == 240
    assert make_text(text).endswith("to resolve.")
    assert len(make_text(text)) <= 300


async def test_words_that_fail_leave_the_usual_ones_and_say_so(
    mailing: Resources, issue: Issue, ada: Developer, caplog
):
    mail, _ = await tell(mailing, issue, await make_alert_rule(mailing, template="{{ title if title > 3 }}"), ada)
    assert mail.status == "PENDING"
    assert "In the usual words, since its template failed: `template` cannot be rendered." in mail.reason
    assert make_mail(mailing.settings, mail).text.startswith("ValueError: bad total\n")


async def test_what_there_is_of_words_is_asked_once_however_many_are_told(
    mailing: Resources, issue: Issue, ada: Developer
):
    bob = await make_developer(mailing, name="Bob")
    await make_template(mailing, text="All")
    rule = await make_alert_rule(mailing, template=OWN)
    with counted_statements(mailing) as statements:
        rows = await tell(mailing, issue, rule, ada, bob)
    assert len(rows) > 2
    asked = [one for one in statements if "FROM notification_template" in one or "FROM alert_rule" in one]
    assert len(asked) == 2


async def test_whom_the_rule_names_and_whom_its_policy_climbs_to_read_its_words(mailing: Resources):
    project, ada = await make_on_call(mailing)
    bob = await join_on_call(mailing, project, on_call=False)
    policy = await make_policy(mailing, a_step(0, ada), services=[])
    await make_alert_rule(mailing, bob, policy_id=policy.id, template=OWN)
    async with running_writer(mailing):
        await log(mailing, project, severity="MEDIUM")
        await take_triage(mailing)
    told = {row.recipient_id: row for row in await all_rows(mailing, Notification, *MAILED)}
    assert {id: row.kind for id, row in told.items()} == {
        bob.id: NotificationKind.NEW_ISSUE, ada.id: NotificationKind.ESCALATION,
    }  # fmt: skip
    assert all(row.content["said"].startswith("Run book 7:") for row in told.values())


async def test_two_rules_that_call_for_one_alert_tell_each_in_its_words(mailing: Resources):
    project, _ = await make_on_call(mailing)
    ada, bob, eve = [await join_on_call(mailing, project, on_call=False) for _ in range(3)]
    await make_alert_rule(mailing, ada, template="First")
    await make_alert_rule(mailing, bob, template="Second")
    await make_alert_rule(mailing, eve)
    async with running_writer(mailing):
        await log(mailing, project, severity="MEDIUM")
        await take_triage(mailing)
    told = {row.recipient_id: row.content.get("said") for row in await all_rows(mailing, Notification, *MAILED)}
    assert told == {ada.id: "First", bob.id: "Second", eve.id: None}


async def test_a_rule_that_is_gone_has_no_words(mailing: Resources, issue: Issue, ada: Developer):
    rule = await make_alert_rule(mailing, template=OWN)
    owner = acting(await make_developer(mailing, role="OWNER"))
    await make_alert(mailing, issue, rule_id=rule.id, status="RESOLVED")
    await delete_alert_rule(mailing, owner, rule_id=rule.id)
    assert "said" not in (await tell(mailing, issue, None, ada))[0].content
