"""What people get where an administrator gave messages words of their own."""

from dataclasses import replace

import pytest

from domain.access import Role
from domain.alert import AlertStatus
from domain.errors import InvalidInput, NotFound, PermissionDenied
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from models import Issue, Notification
from resolvers.notification.mail import make_mail
from resolvers.notification.outbox import notify
from resolvers.notification.slack import make_message
from resolvers.notification.sms import make_text
from resolvers.notification.telegram import make_html
from resolvers.notification.telling import telling
from resolvers.notification_template.preview import preview_notification_template
from resolvers.notification_template.settings import update_notification_template
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.contact import make_contact
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.notification_template import make_template
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

ALL = "{{ headline }} <b>{{ title }}</b> in {{ service }}: {{ reason }}"
SAYS = "An alert rings <b>ValueError: bad total</b> in checkout: You are on call."
HOOK = "https://hooks.slack.com/services/T000/B000/secretsecretAbCd"


async def told(res: Resources) -> Notification:
    """A mail about an alert of an issue of the one project; the first of its rows."""
    issue = await make_issue(res, await make_project(res, name="Shop"), severity=Severity.HIGH)
    ada = await make_developer(res, name="Ada")
    await make_contact(res, ada, value=HOOK)
    return await tell(res, issue, ada)


async def tell(res: Resources, issue: Issue, ada, dedup: str = "it") -> Notification:
    alert = await make_alert(res, issue)
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        rows = await notify(
            res, tx, kind=NotificationKind.ALERT, issue=held, alert=alert, recipient=ada, reason="You are on call.",
            dedup=dedup,
        )  # fmt: skip
        return rows[0]


async def test_a_mail_says_what_the_template_does_and_keeps_what_one_answers_by(mailing: Resources):
    await make_template(mailing, subject="{{ short_id }}!\n{{ severity }}", text=ALL)
    row = await told(mailing)
    mail = make_mail(mailing.settings, row)
    short_id, answers = row.content["issue"]["short_id"], row.content["answers"]
    assert (row.subject, mail.subject) == (f"{short_id}! HIGH", f"{short_id}! HIGH")
    assert mail.text.startswith(SAYS)
    for part in (answers["acknowledge"], answers["resolve"], row.content["issue"]["url"], "Why you got this"):
        assert part in mail.text
        assert part in mail.html
    assert "&lt;b&gt;ValueError: bad total&lt;/b&gt;" in mail.html
    assert "Environment" not in mail.text


async def test_a_message_stays_as_it_was_written_whatever_becomes_of_the_template(mailing: Resources):
    template = await make_template(mailing, text=ALL)
    row = await told(mailing)
    first = make_mail(mailing.settings, row)
    owner = acting(await make_developer(mailing, role=Role.OWNER))
    await update_notification_template(mailing, owner, template_id=template.id, text="Else")
    async with mailing.db.reading() as session:
        again = await session.get_one(Notification, row.id)
    assert make_mail(mailing.settings, again) == first


async def test_a_template_that_fails_leaves_the_usual_words_and_says_so(mailing: Resources, caplog):
    await make_template(mailing, subject="Mine", text="{{ title if title > 3 }}")
    row = await told(mailing)
    assert row.status == "PENDING"
    assert row.subject.startswith("[HIGH]")
    assert "You are on call. In the usual words, since its template failed: `text` cannot be rendered." in row.reason
    mail = make_mail(mailing.settings, row)
    assert "Why you got this: You are on call." in mail.text
    assert "usual words" not in mail.text


async def test_only_the_channel_the_kind_and_the_project_it_is_for_have_it(mailing: Resources):
    await make_template(mailing, channel=Channel.SLACK, text="Slack")
    await make_template(mailing, kind=NotificationKind.NEW_ISSUE, text="New")
    await make_template(mailing, project=await make_project(mailing), text="Elsewhere")
    row = await told(mailing)
    assert "said" not in row.content


async def test_each_way_has_the_template_that_is_nearest_to_it(mailing: Resources):
    issue, ada = await make_issue(mailing, await make_project(mailing)), await make_developer(mailing)
    slack = await make_contact(mailing, ada, value=HOOK)
    await make_template(mailing, text="Anything")
    await make_template(mailing, kind=NotificationKind.ALERT, text="An alert")
    await make_template(mailing, channel=Channel.SLACK, text="In Slack")
    await tell(mailing, issue, ada)
    rows = await all_rows(mailing, Notification)
    said = {row.channel: row.content.get("said") for row in rows}
    assert said == {Channel.EMAIL: "An alert", Channel.SLACK: "In Slack", Channel.DASHBOARD: None}
    assert slack.value in {row.destination for row in rows}


async def test_slack_telegram_and_text_messages_say_it_in_their_way(mailing: Resources):
    await make_template(mailing, text=ALL)
    row = await told(mailing)
    said = telling(row)
    blocks = make_message(said, AlertStatus.TRIGGERED)
    assert blocks["text"] == SAYS.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")
    assert blocks["blocks"][0]["text"]["text"].endswith(f"<{said.url}|{said.short_id}>")
    assert [block["type"] for block in blocks["blocks"]] == ["section", "context", "actions"]
    assert make_html(said).startswith("An alert rings &lt;b&gt;ValueError")
    assert make_html(said).endswith("<i>Why you got this: You are on call.</i>")
    number = said.short_id.rpartition("-")[2]
    assert make_text(row) == f"{SAYS} Reply A {number} to acknowledge, R {number} to resolve."


@pytest.fixture
async def admin(mailing: Resources):
    return acting(await make_developer(mailing, role=Role.ADMIN))


@pytest.mark.parametrize(
    ("channel", "begins"),
    [
        (Channel.EMAIL, "SHOP-7 in Shop"),
        (Channel.SLACK, "SHOP-7 in Shop"),
        (Channel.SMS, "SHOP-7 in Shop Reply A 7"),
        (Channel.TELEGRAM, "SHOP-7 in Shop"),
        (Channel.APPRISE, "SHOP-7 in Shop\n\nWhy you got this"),
    ],
)
async def test_a_preview_shows_a_sample(mailing: Resources, admin, channel, begins):
    shown = await preview_notification_template(mailing, admin, channel=channel, text="{{ short_id }} in {{ project }}")
    assert shown.text.startswith(begins)
    assert (shown.html is not None, shown.subject is not None) == (channel is Channel.EMAIL,) * 2


async def test_a_preview_shows_an_issue_or_a_notification_and_none_of_its_keys(mailing: Resources, admin):
    row = await told(mailing)
    words = {"channel": Channel.EMAIL, "text": "{{ title }} for {{ recipient }}"}
    of_it = await preview_notification_template(mailing, admin, notification_id=row.id, **words)
    about = await preview_notification_template(mailing, admin, issue_id=row.issue_id, **words)
    assert of_it.text.startswith("ValueError: bad total for Ada\n")
    assert about.text.startswith("ValueError: bad total for Ada\n")
    for link in (*row.content["answers"].values(), row.content["unsubscribe"]["url"]):
        assert link not in of_it.text + (of_it.html or "")


async def test_a_preview_of_what_is_not_in_sight_or_cannot_be_is_refused(mailing: Resources, admin):
    ours, theirs = await make_project(mailing), await make_project(mailing)
    issue = await make_issue(mailing, theirs)
    row = await make_notification(mailing, issue, await make_developer(mailing))
    for about in ({"issue_id": issue.id}, {"notification_id": row.id}):
        with pytest.raises(NotFound):
            await preview_notification_template(
                mailing, replace(admin, project_ids=frozenset({ours.id})), channel=Channel.SMS, text="a", **about
            )
    with pytest.raises(InvalidInput):
        await preview_notification_template(mailing, admin, channel=Channel.SMS, text="{{ title if title > 3 }}")
    with pytest.raises(PermissionDenied):
        await preview_notification_template(mailing, replace(admin, scopes=frozenset()), channel=Channel.SMS, text="a")
