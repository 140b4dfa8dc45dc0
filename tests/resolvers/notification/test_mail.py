import re
from html.parser import HTMLParser

from sqlmodel import col, update

from domain.event import Severity
from models import Event, IssueCounter, Notification
from resolvers.notification.mail import make_mail
from resolvers.resources import Resources
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project

STACK = [
    {
        "type": "ValueError",
        "message": "bad total",
        "frames": [
            {"function": "handle", "filename": "vendor/web.py", "line": 9, "in_app": False},
            {"function": "total", "filename": "checkout/total.py", "line": 42, "context_line": "  raise ValueError()"},
        ],
    }
]


async def write(
    res: Resources, *, event: dict | None = None, payload: dict | None = None, **issue_facts
) -> Notification:
    """A notification of an issue whose latest event is like that."""
    issue = await make_issue(res, await make_project(res, name="Shop"), **issue_facts)
    values = {"payload": payload or {}, **(event or {})}
    async with res.db.transaction() as tx:
        await tx.session.exec(update(Event).where(col(Event.project_id) == issue.project_id).values(**values))
    return await make_notification(res, issue, await make_developer(res, name="Ada", email=f"{issue.id}@example.com"))


class _Html(HTMLParser):
    """The text of an HTML document, the tags that stay open, and where its links lead."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.words, self.open, self.links = "", [], []
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "!doctype"):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


async def test_both_forms_say_what_where_how_often_and_why(mailing: Resources):
    row = await write(
        mailing,
        event={"environment": "production", "release": "1.4.2"},
        payload={"exceptions": STACK, "endpoint": "POST /orders", "server_name": "web-3"},
        counter={"event_count": 3, "user_count": 2},
    )
    mail = make_mail(mailing.settings, row)
    html = _Html(mail.html)
    url = f"{mailing.settings.base_url}/issues/{row.content['issue']['short_id']}"
    assert html.links == [url]
    assert url in mail.text
    assert not html.open
    for words in (mail.text, html.words):
        for part in (
            "ValueError: bad total",
            "HIGH",
            "Shop",
            "This issue is yours now",
            "checkout/total.py:42 in total",
            "raise ValueError()",
            "production",
            "1.4.2",
            "POST /orders",
            "web-3",
            "checkout.total",
            "3 times, 2 users",
            "2026-03-02 03:00 UTC",
            "Why you got this: You have it.",
        ):
            assert part in words
        assert "vendor/web.py" not in words


async def test_the_text_starts_with_the_error_and_wastes_no_line(mailing: Resources):
    text = make_mail(mailing.settings, await write(mailing)).text
    assert text.startswith("ValueError: bad total\n\n")
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


async def test_a_message_longer_than_the_title_is_told_too(mailing: Resources):
    mail = make_mail(mailing.settings, await write(mailing, event={"message": "bad total: expected 3, found 4"}))
    assert "expected 3, found 4" in mail.text
    assert "expected 3, found 4" in mail.html


async def test_a_stack_that_is_text_is_shown_as_it_is(mailing: Resources):
    mail = make_mail(mailing.settings, await write(mailing, payload={"raw_stack_trace": "Boom\n  at main()"}))
    assert "  Boom\n    at main()" in mail.text
    assert "Boom\n  at main()" in mail.html


async def test_what_a_reporter_sent_is_never_markup_nor_a_template(mailing: Resources):
    evil = "<script>alert(1)</script> {{ 7 * 7 }} {% raw %}"
    mail = make_mail(
        mailing.settings,
        await write(mailing, title=evil, event={"message": evil + "x"}, payload={"endpoint": evil}),
    )
    assert "<script>" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} {% raw %}" in mail.html
    assert evil in mail.text


async def test_an_issue_whose_events_are_gone_can_still_be_told_of(mailing: Resources):
    issue = await make_issue(mailing, await make_project(mailing), events=0, culprit=None)
    async with mailing.db.transaction() as tx:
        await tx.session.delete(await tx.session.get_one(IssueCounter, issue.id))
    row = await make_notification(mailing, issue, await make_developer(mailing))
    assert "Seen:         0 times" in make_mail(mailing.settings, row).text


async def test_the_same_notification_is_the_same_mail_and_all_of_an_issue_are_one_thread(mailing: Resources):
    first = await write(mailing)
    issue_id = first.content["issue"]["id"]
    mail = make_mail(mailing.settings, first)
    assert mail == make_mail(mailing.settings, first)
    assert mail.message_id == f"notification-{first.id}@localhost"
    assert mail.thread == f"issue-{issue_id}@localhost"
    assert (mail.recipient, mail.recipient_name) == (f"{issue_id}@example.com", "Ada")


async def test_a_critical_one_is_marked_as_important(mailing: Resources):
    high = make_mail(mailing.settings, await write(mailing))
    critical = make_mail(mailing.settings, await write(mailing, severity=Severity.CRITICAL))
    assert "Importance" not in high.headers
    assert critical.headers["Importance"] == "high"
    assert critical.headers["Auto-Submitted"] == "auto-generated"
