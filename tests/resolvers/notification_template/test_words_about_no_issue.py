"""What people get of hand-offs, summaries and warnings to which an administrator gave words of their own."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.admission import DropReason
from domain.errors import InvalidInput
from domain.event import Severity
from domain.notification import ABOUT_ISSUES, Channel, NotificationKind, NotificationStatus
from domain.notification_template import FORMS
from models import Notification
from resolvers.notification.dropped import tell_dropped
from resolvers.notification.mail import make_mail
from resolvers.notification.plain import tell
from resolvers.notification.slack import make_message
from resolvers.notification.sms import make_text
from resolvers.notification.telegram import make_html
from resolvers.notification.telling import telling
from resolvers.notification_template.preview import preview_notification_template
from resolvers.notification_template.samples import sample_of
from resolvers.notification_template.views import view_of
from resolvers.resources import Resources
from resolvers.summary.send import send_summaries
from resolvers.warning.tell import Watched, tell_administrators
from tests.support.actors import acting
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.notification_template import make_template
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements
from tests.support.rows import all_rows, only_row

HANDOFF, SUMMARY = NotificationKind.HANDOFF, NotificationKind.DAILY_SUMMARY
WARNING, DROPPED = NotificationKind.WARNING, NotificationKind.EVENTS_DROPPED
HOUR = timedelta(hours=1)
WRONG = Watched("errors", "Many errors", "1,200 in an hour", "Look at what is new.", is_wrong=True, is_over=False)


@pytest.fixture
async def admin(mailing: Resources):
    return acting(await make_developer(mailing, role=Role.ADMIN))


async def hand_over(res: Resources) -> dict[Channel, Notification]:
    """What somebody who has a phone, Slack and Telegram gets of a hand-off."""
    ada = await make_developer(res, name="Ada")
    await make_rule(res, ada, Channel.EMAIL)
    for channel, value in ((Channel.SMS, "+4915112345678"), (Channel.SLACK, "U1"), (Channel.TELEGRAM, "1")):
        await make_contact(res, ada, channel, value=value)
        await make_rule(res, ada, channel)
    facts = {"turn": "now", "schedule": "Pay <all>", "alerts": 2}
    async with res.db.transaction() as tx:
        rows = await tell(
            res, tx, kind=HANDOFF, severity=Severity.MEDIUM, recipient=ada, subject="You are on call for Pay now",
            text="You are on call.", reason="It is your turn.", dedup="it", facts=facts,
        )  # fmt: skip
    return {row.channel: row for row in rows}


async def summarise(res: Resources, clock: ManualClock) -> Notification:
    reader = await make_developer(res, name="Ada")
    project = await make_project(res, name="Shop")
    await make_team(res, members=[reader], projects=[project])
    await count_events(res, await make_issue(res, project, events=0), clock.now(), 3)
    await clock.advance(5 * HOUR)
    await send_summaries(res)
    return await only_row(res, Notification, Notification.kind == SUMMARY, Notification.recipient_id == reader.id)


async def test_a_hand_off_says_it_by_each_way_and_a_mail_keeps_its_links(mailing: Resources):
    words = "{{ schedule }} is yours {{ turn }}: {{ alerts }} alerts, {{ ends or 'no end' }}."
    says = "Pay <all> is yours now: 2 alerts, no end."
    for channel in FORMS[HANDOFF].channels:
        subject = {"subject": "{{ recipient }}: {{ headline }}"} if channel is Channel.EMAIL else {}
        await make_template(mailing, kind=HANDOFF, channel=channel, text=words, **subject)
    told = await hand_over(mailing)
    mail = make_mail(mailing.settings, told[Channel.EMAIL])
    assert mail.subject == told[Channel.EMAIL].subject == "Ada: You are on call for Pay now"
    assert mail.text.startswith(f"{says}\n\n{mailing.settings.base_url}\n")
    assert "Pay &lt;all&gt; is yours now" in mail.html
    for part in (mailing.settings.base_url, "Why you got this: It is your turn."):
        assert part in mail.text
        assert part in mail.html
    assert "List-Unsubscribe" in mail.headers
    assert make_text(told[Channel.SMS]) == says
    assert make_html(telling(told[Channel.TELEGRAM])).startswith("Pay &lt;all&gt; is yours now")
    slack = make_message(telling(told[Channel.SLACK]), "TRIGGERED")
    assert [block["type"] for block in slack["blocks"]] == ["section", "context"]
    assert slack["blocks"][0]["text"]["text"] == "Pay &lt;all&gt; is yours now: 2 alerts, no end."
    assert told[Channel.DASHBOARD].subject == "You are on call for Pay now"


async def test_words_for_all_that_is_about_issues_are_not_for_a_hand_off(mailing: Resources):
    await make_template(mailing, text="All")
    told = await hand_over(mailing)
    assert make_mail(mailing.settings, told[Channel.EMAIL]).text.startswith("You are on call.\n")
    assert make_text(told[Channel.SMS]).startswith("You are on call for Pay now You are on call. http")


async def test_words_that_fail_leave_the_usual_ones_and_say_so(mailing: Resources, caplog):
    await make_template(mailing, kind=HANDOFF, text="{{ schedule if schedule > 3 }}")
    row = (await hand_over(mailing))[Channel.EMAIL]
    assert row.status is NotificationStatus.PENDING
    assert row.reason.startswith("It is your turn. In the usual words, since its template failed: `text` cannot")
    assert make_mail(mailing.settings, row).text.startswith("You are on call.\n")


async def test_a_summary_is_what_the_template_makes_of_it_and_one_can_unsubscribe(
    mailing: Resources, clock: ManualClock
):
    await make_template(
        mailing, kind=SUMMARY, subject="{{ day }}: {{ events }}", text="{{ peak }}\n{{ chart }}\n{{ new_list }}"
    )
    row = await summarise(mailing, clock)
    mail = make_mail(mailing.settings, row)
    assert (row.status, mail.subject) == (NotificationStatus.PENDING, "Monday 2 March: 3")
    peak, chart, new = mail.text.splitlines()[:3]
    assert peak == "most from 03:00 on: 3"
    assert chart.strip() == "█"
    assert "(checkout, seen 3 times) http" in new
    assert "Why you got this: A summary" in mail.text
    assert "<table" not in mail.html
    assert "List-Unsubscribe" in mail.headers
    assert mail.thread.startswith("summary-")


async def test_warnings_to_administrators_say_it_and_templates_are_asked_once(mailing: Resources):
    people = [await make_developer(mailing, role=Role.ADMIN) for _ in range(2)]
    await make_template(mailing, kind=WARNING, subject="{{ wrong }} wrong", text="{{ recipient }}!\n{{ wrong_list }}")
    with counted_statements(mailing) as statements:
        await tell_administrators(mailing, [WRONG])
    assert len([one for one in statements if "FROM notification_template" in one]) == 1
    rows = await all_rows(mailing, Notification, Notification.kind == WARNING)
    assert {row.recipient_id for row in rows} == {person.id for person in people}
    for row in rows:
        mail = make_mail(mailing.settings, row)
        assert mail.subject == "1 wrong"
        says = f"{row.content['recipient']}!\nMany errors: 1,200 in an hour Look at what is new.\n"
        assert mail.text.startswith(says)


async def test_a_project_has_its_own_words_for_events_that_are_turned_away(mailing: Resources):
    owner = await make_developer(mailing, role=Role.OWNER)
    shop, other = [await make_project(mailing, owner_id=owner.id) for _ in range(2)]
    await make_template(mailing, kind=DROPPED, project=shop, text="{{ project }}: {{ why }} Until {{ until }}.")
    async with mailing.db.transaction() as tx:
        for project in (shop, other):
            await tell_dropped(mailing, tx, project_id=project.id, hour=mailing.clock.now(), reason=DropReason.QUOTA)
    ours, theirs = await all_rows(mailing, Notification, Notification.kind == DROPPED)
    says = (
        f"{shop.name}: Its quota of events an hour is used up; the next hour begins anew. Until 2026-03-02 04:00 UTC."
    )
    assert make_mail(mailing.settings, ours).text.startswith(says)
    assert make_mail(mailing.settings, theirs).text.startswith(f"Events of {other.name} are turned away.")


@pytest.mark.parametrize("kind", FORMS)
def test_all_that_a_template_may_say_is_known_of_a_sample(res: Resources, kind: NotificationKind):
    view = view_of(kind, sample_of(kind, "http://tocsin", res.clock.now()))
    assert tuple(view) == FORMS[kind].variables
    unknown = {"beside", "over_list", "regressed_list"}
    assert {name for name, value in view.items() if value == ""} <= unknown


@pytest.mark.parametrize(("kind", "channel"), [(kind, way) for kind, form in FORMS.items() for way in form.channels])
async def test_a_preview_shows_a_sample_of_each_kind(mailing: Resources, admin, kind, channel):
    text = "".join(f"{{{{ {name} }}}} " for name in FORMS[kind].variables)
    shown = await preview_notification_template(mailing, admin, channel=channel, kind=kind, text=f"It: {text}")
    assert shown.text.startswith("It: ")
    assert (shown.html is not None) == (channel is Channel.EMAIL)


async def test_a_preview_shows_what_was_told_and_nothing_that_is_of_another_kind(
    mailing: Resources, admin, clock: ManualClock
):
    row = await summarise(mailing, clock)
    await hand_over(mailing)
    about = await make_notification(
        mailing, await make_issue(mailing, await make_project(mailing)), await make_developer(mailing)
    )
    words = {"channel": Channel.EMAIL, "kind": SUMMARY, "text": "{{ headline }}"}
    shown = await preview_notification_template(mailing, admin, notification_id=row.id, **words)
    assert shown.text.startswith(row.content["headline"])
    assert shown.html is not None
    assert row.content["unsubscribe"]["url"] not in shown.text + shown.html
    for refused, path in (({"notification_id": about.id}, "notificationId"), ({"issue_id": about.issue_id}, "issueId")):
        with pytest.raises(InvalidInput) as error:
            await preview_notification_template(mailing, admin, **words, **refused)
        assert error.value.path == (path,)
    with pytest.raises(InvalidInput) as error:
        await preview_notification_template(
            mailing, admin, channel=Channel.EMAIL, kind=ABOUT_ISSUES[0], text="a", notification_id=row.id
        )
    assert error.value.path == ("notificationId",)
