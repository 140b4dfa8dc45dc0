import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import insert

from core.ids import uuid7
from domain.access import Scope
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Developer, Notification, Project
from resolvers.notification import export
from schema.node import global_id
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.plain_http import plain_http
from tests.support.serving import Served

PATH = "/api/notifications.csv"


async def get(served: Served, credential: str | None = None, **parameters: object):
    headers = {"Authorization": f"Bearer {credential or served.credentials.token}"}
    async with plain_http(base_url=served.url, headers=headers) as http:
        return await http.get(PATH, params=parameters)


async def rows(served: Served, credential: str | None = None, **parameters: object) -> list[dict[str, str]]:
    answer = await get(served, credential, **parameters)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text, newline="")))


async def a_member(served: Served, project: Project, name: str) -> Developer:
    person = await make_developer(served.res, name=name)
    await make_team(served.res, members=(person,), projects=(project,))
    return person


async def test_who_was_told_what_and_why_not_is_a_table(served: Served):
    project = await make_project(served.res, slug="shop")
    ann = await a_member(served, project, "=Ann")
    issue = await make_issue(served.res, project, title='=HYPERLINK("https://evil.example.com")')
    await make_notification(served.res, issue, ann, reason="You have it.")
    answer = await get(served)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="notifications.csv"' in answer.headers["content-disposition"]
    mail, board = await rows(served)
    assert (mail["channel"], mail["status"], mail["project"], mail["issue"]) == (
        "EMAIL",
        "SUPPRESSED",
        "shop",
        issue.short_id,
    )
    assert mail["reason"] == "Held back: no mail server is set (TOCSIN_SMTP_URL)."
    assert (board["channel"], board["status"], board["reason"]) == ("DASHBOARD", "SENT", "You have it.")
    assert (mail["recipient"], mail["recipient_email"]) == ("'=Ann", ann.email)
    assert mail["issue_title"].startswith("'=HYPERLINK")
    assert mail["created_at"].endswith("Z")


async def test_a_caller_gets_what_they_may_see(served: Served):
    ours, theirs = await make_project(served.res, slug="ours"), await make_project(served.res, slug="theirs")
    ann, bob = await a_member(served, ours, "Ann"), await a_member(served, theirs, "Bob")
    for project in (ours, theirs):
        await make_notification(served.res, await make_issue(served.res, project), bob)
    token = (await make_api_token(served.res, ann, Scope.READ)).secret
    assert {(row["project"], row["recipient"]) for row in await rows(served, token)} == {("ours", "")}
    assert {row["project"] for row in await rows(served)} == {"ours", "theirs"}
    key = (await make_key(served.res, ours)).public_key
    assert (await get(served, key)).status_code == 403
    assert (await get(served, "tcs_unknown")).status_code == 401


async def test_parameters_choose_and_wrong_ones_are_refused(served: Served):
    project = await make_project(served.res)
    ann, bob = await a_member(served, project, "Ann"), await a_member(served, project, "Bob")
    for person in (ann, bob):
        await make_notification(served.res, await make_issue(served.res, project), person)
    now = served.res.clock.now()
    later, before = (now + timedelta(hours=1)).isoformat(), (now - timedelta(hours=1)).isoformat()
    id = global_id("Developer", ann.id)
    for parameters, count in (
        ({}, 4),
        ({"status": "sent"}, 2),
        ({"status": "SENT,SUPPRESSED"}, 4),
        ({"status": ["SENT", "DEAD"], "channel": "EMAIL"}, 0),
        ({"recipient": id}, 2),
        ({"since": before, "until": later}, 4),
        ({"since": later}, 0),
        ({"until": before}, 0),
    ):
        assert len(await rows(served, **parameters)) == count, parameters
    for wrong, path in (
        ({"status": "GONE"}, "status"),
        ({"channel": "PIGEON"}, "channel"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-03-02T00:00:00"}, "since"),
        ({"since": later, "until": before}, "until"),
        ({"recipient": "x"}, "recipient"),
        ({"colour": "red"}, "colour"),
    ):
        answer = await get(served, **wrong)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["path"]) == (400, [path])
    assert (await get(served, recipient=global_id("Issue", ann.id))).status_code == 404


async def test_there_may_be_more_than_are_read_at_once(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(export, "_AT_ONCE", 50)
    at = served.res.clock.now() - timedelta(minutes=1)
    values = [
        {
            "id": uuid7(at), "kind": NotificationKind.TEST, "channel": Channel.EMAIL, "destination": f"a{n}@example.com", "subject": "x",
            "content": {}, "status": NotificationStatus.SENT, "reason": "x", "idempotency_key": str(n), "attempt_count": 1, "created_at": at,
        }
        for n in range(150)
    ]  # fmt: skip
    async with served.res.db.transaction() as tx:
        await tx.session.exec(insert(Notification).values(values))
    found = [row["destination"] for row in await rows(served)]
    assert (len(found), len(set(found))) == (150, 150)
