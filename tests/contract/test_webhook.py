"""What is sent to webhooks of people: the schema and the example for those who take it, held to what is sent."""

import json
from typing import Any

import jsonschema
import orjson
import pytest
from sqlmodel import update

from core.ids import uuid7
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Event, Issue, Notification
from resolvers.notification.outbox import notify
from resolvers.notification.webhook import make_payload
from resolvers.resources import Resources
from schema.export import TARGET
from tests.support.factories.alert import make_alert
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import only_row

WEBHOOK = TARGET.parent / "webhook"
SCHEMA = json.loads((WEBHOOK / "notification.schema.json").read_text())
FRAME = {"function": "total", "filename": "checkout/total.py", "line": 42, "context_line": "raise ValueError()"}
STACKS = {
    "frames": {"exceptions": [{"type": "ValueError", "message": "bad total", "frames": [{**FRAME, "in_app": True}]}]},
    "text": {"raw_stack_trace": "at the end\nof the world"},
    "none": {},
}


def closed(part: Any) -> Any:
    """The schema, so that what it does not name is refused: nothing is sent that it does not tell of."""
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    more = {"additionalProperties": False} if "properties" in part and "type" in part else {}
    return {name: closed(value) for name, value in part.items()} | more


def check(body: bytes) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(json.loads(body), closed(SCHEMA), format_checker=checker)


def test_the_example_is_as_the_schema_says():
    check((WEBHOOK / "notification.example.json").read_bytes())


@pytest.mark.parametrize("with_alert", [True, False])
@pytest.mark.parametrize("payload", STACKS.values(), ids=STACKS)
async def test_what_is_sent_about_an_issue_is_as_the_schema_says(res: Resources, payload: dict, with_alert: bool):
    issue, ada = await make_issue(res, await make_project(res)), await make_developer(res)
    await make_contact(res, ada, Channel.WEBHOOK, value="https://hook.example.com/")
    await make_rule(res, ada, Channel.WEBHOOK)
    alert = await make_alert(res, issue) if with_alert else None
    async with res.db.transaction() as tx:
        await tx.session.exec(update(Event).values(payload=payload))
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        await notify(
            res, tx, kind=NotificationKind.ALERT, issue=held, alert=alert, recipient=ada, reason="You are.", dedup="it"
        )
    row = await only_row(res, Notification, Notification.channel == Channel.WEBHOOK)
    check(orjson.dumps(make_payload(row)))


async def test_what_is_sent_about_no_issue_is_as_the_schema_says(res: Resources):
    at = res.clock.now()
    content = {
        "text": "You are on call now.",
        "reason": "It is your turn.",
        "recipient": "Ada",
        "url": "https://x.example",
    }
    row = Notification(
        id=uuid7(at), kind=NotificationKind.HANDOFF, channel=Channel.WEBHOOK, destination="", subject="A hand-off",
        content=content, status=NotificationStatus.PENDING, reason="", idempotency_key="it", created_at=at,
    )  # fmt: skip
    check(orjson.dumps(make_payload(row)))
