"""An API whose mails, Slack messages and text messages arrive, and somebody who may answer them."""

import base64
import hmac
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha1, sha256
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from core.clock import ManualClock
from core.ids import uuid7
from domain.event import Severity
from domain.notification import Channel
from models import Alert, ContactMethod, Developer, Issue, Project
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.db import make_settings
from tests.support.factories.issue import make_issue
from tests.support.factories.triage import make_triage
from tests.support.mailbox import Mailbox, body, send_due
from tests.support.on_call import make_on_call
from tests.support.plain_http import plain_http
from tests.support.receivers import Receiver
from tests.support.serving import serving

SECRET, TOKEN, NUMBER, MEMBER = "slack secret", "twilio token", "+4915112345678", "U0ADA"
PUBLIC = "https://tocsin.example.com"


@dataclass
class Desk:
    """An API, and Ada, who was told by mail, Slack and text message of a critical issue."""

    url: str
    res: Resources
    receiver: Receiver
    mailbox: Mailbox
    project: Project
    ada: Developer

    async def get(self, path: str) -> httpx.Response:
        async with plain_http() as client:
            return await client.get(self.url + path)

    async def post(self, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        async with plain_http() as client:
            return await client.post(self.url + path, content=content, headers=headers)

    async def ring(self, **facts: object) -> Issue:
        issue = await make_issue(self.res, self.project, severity=Severity.CRITICAL, **facts)
        await make_triage(self.res, issue)
        await take_triage(self.res)
        await send_due(self.res)
        return issue

    async def links(self) -> dict[str, str]:
        """The paths of the links in the last mail."""
        found = re.findall(rf"(Acknowledge|Resolve): +{PUBLIC}(/answer/\S+)", body(self.mailbox.mails[-1]))
        return dict(found)

    async def click(self, action: str, alert: Alert, *, user: str = MEMBER, secret: str = SECRET) -> httpx.Response:
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "actions": [{"action_id": f"{action}:{alert.id}"}],
            "response_url": self.receiver.url + "/respond",
        }
        content = urlencode({"payload": orjson.dumps(payload)}).encode()
        stamp = str(int(self.res.clock.now().timestamp()))
        signed = hmac.digest(secret.encode(), f"v0:{stamp}:".encode() + content, sha256).hex()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"}
        return await self.post("/slack/interactive", content, **headers)

    async def text(self, words: str, *, number: str = NUMBER, token: str = TOKEN) -> httpx.Response:
        form = {"From": number, "To": "+12025550100", "Body": words}
        return await self.twilio("/twilio/message", form, token=token)

    async def twilio(self, path: str, form: dict[str, str], *, token: str = TOKEN) -> httpx.Response:
        """What is answered to a form that Twilio has signed."""
        signed = PUBLIC + path + "".join(f"{name}{form[name]}" for name in sorted(form))
        signature = base64.b64encode(hmac.digest(token.encode(), signed.encode(), sha1)).decode()
        return await self.post(path, urlencode(form).encode(), **{"X-Twilio-Signature": signature})


@pytest.fixture
async def desk(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
) -> AsyncIterator[Desk]:
    settings = make_settings(
        database_url,
        redis_url,
        smtp_url=mailbox.url,
        public_url=PUBLIC,
        outbound_allowed=("127.0.0.1",),
        slack_url=receiver.url,
        slack_token="xoxb-test",
        slack_signing_secret=SECRET,
        twilio_url=receiver.url,
        twilio_account_sid="AC1",
        twilio_auth_token=TOKEN,
        twilio_from="+12025550100",
    )
    async with serving(settings, clock) as (url, app):
        res = app.state.resources
        project, ada = await make_on_call(res, name="Ada")
        await make_methods(res, ada, {Channel.SMS: NUMBER, Channel.SLACK: MEMBER})
        yield Desk(url, res, receiver, mailbox, project, ada)


async def make_methods(res: Resources, developer: Developer, values: dict[Channel, str], **facts: object) -> None:
    at = res.clock.now()
    async with res.db.transaction() as tx:
        for channel, value in values.items():
            row = {"channel": channel, "value": value, "verified_at": at, "created_at": at, **facts}
            tx.session.add(ContactMethod(id=uuid7(at), developer_id=developer.id, **row))
