"""An installation for a story: set up by GraphQL alone, on a clock that the story moves, with all who receive."""

import base64
import hmac
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from core.clock import ManualClock
from resolvers.escalation.timer import escalate_due
from resolvers.notification.refresh import refresh_messages
from resolvers.notification.senders import refreshers
from resolvers.partitions import make_partitions
from resolvers.resources import Resources
from resolvers.schedule.handoff import tell_handoffs
from resolvers.schedule.recording import record_shifts
from resolvers.setup import Credentials, first_setup
from resolvers.summary.send import send_summaries
from resolvers.triage import take_triage
from schema.export import TARGET
from tests.support.db import make_settings
from tests.support.mailbox import Mailbox, body, send_due
from tests.support.plain_http import plain_http
from tests.support.receivers import Received, Receiver, json_reply
from tests.support.serving import serving

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
PUBLIC, TOKEN, FROM = "https://tocsin.example.com", "twilio token", "+15005550006"
_SECRETS = re.compile(rf"{PUBLIC}/(answer|unsubscribe)/\S+")


@dataclass(frozen=True)
class Said:
    """A message that went out: when it came in Berlin, by which way, to whom, and its words."""

    at: datetime
    way: str
    to: str
    words: str

    @property
    def title(self) -> str:
        return f"{self.at:%a %H:%M} {self.way} to {self.to}"


@dataclass
class Night:
    """The installation. `said` holds what went out, in order."""

    url: str
    res: Resources
    clock: ManualClock
    mailbox: Mailbox
    receiver: Receiver
    credentials: Credentials
    names: dict[str, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    _seen: list[int] = field(default_factory=lambda: [0, 0])

    async def ask(self, operation: str, *, credential: str | None = None, **variables: Any) -> Any:
        """The one field of an operation of the frontend contract, by the owner unless told otherwise."""
        document = (TARGET.parent / "operations" / f"{operation}.graphql").read_text()
        headers = {"Authorization": f"Bearer {credential or self.credentials.token}"}
        async with plain_http() as client:
            content = {"query": document, "variables": variables}
            answer = (await client.post(f"{self.url}/graphql", json=content, headers=headers)).json()
        assert "errors" not in answer, answer
        (value,) = answer["data"].values()
        assert not isinstance(value, dict) or "message" not in value or "id" in value, value
        return value

    async def do(self, mutation: str, **input: Any) -> Any:
        return await self.ask(mutation, input=input)

    async def reach(self, developer_id: str, name: str, channel: str, value: str) -> None:
        """Let them be reached there, shown by the code that was sent there."""
        made = await self.do("CreateContactMethod", channel=channel, value=value, developerId=developer_id)
        method = {"contactMethodId": made["contactMethod"]["id"]}
        await self.do("SendVerificationCode", **method)
        await send_due(self.res)
        words = _words(self.receiver.requests[-1])
        (code,) = re.findall(r"\b\d{6}\b", words)
        assert (await self.do("VerifyContactMethod", **method, code=code))["isVerified"]
        self.names[value] = name

    def begin(self) -> None:
        """Forget what was said so far."""
        self.listen()
        self.said.clear()

    async def at(self, *instants: datetime) -> None:
        """Let it become each of these times, at which the worker does what is due and what it says arrives."""
        for instant in instants:
            await self.clock.move_to(instant)
            await self.work()

    async def work(self) -> None:
        """Do all that is due now, as the loops of the worker do."""
        while await take_triage(self.res):
            pass
        while await escalate_due(self.res):
            pass
        await record_shifts(self.res)
        await tell_handoffs(self.res)
        await send_summaries(self.res)
        await send_due(self.res)
        while await refresh_messages(self.res, refreshers(self.res)):
            pass
        self.listen()

    async def text(self, number: str, words: str) -> str:
        """What is answered to a text message from that number."""
        form = {"From": number, "To": FROM, "Body": words}
        signed = f"{PUBLIC}/twilio/message" + "".join(f"{name}{form[name]}" for name in sorted(form))
        signature = base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), sha1)).decode()
        async with plain_http() as client:
            headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
            answer = await client.post(f"{self.url}/twilio/message", content=urlencode(form), headers=headers)
        assert answer.status_code == 200, answer.text
        return re.sub(r"<[^>]+>", "", answer.text).strip()

    def listen(self) -> None:
        """Take down what has arrived since this was done last."""
        mails, requests = self.mailbox.mails[self._seen[0] :], self.receiver.requests[self._seen[1] :]
        self._seen = [len(self.mailbox.mails), len(self.receiver.requests)]
        at = self.clock.now().astimezone(BERLIN)
        said = [*(self._mail(at, mail) for mail in mails), *(self._request(at, one) for one in requests)]
        # What is sent at once arrives in any order.
        self.said += sorted(said, key=lambda one: (one.way, one.to, one.words))

    def _mail(self, at: datetime, mail: EmailMessage) -> Said:
        plain = "\n".join(line.rstrip() for line in body(mail).splitlines())
        words = _SECRETS.sub(rf"{PUBLIC}/\1/…", plain).strip()
        return Said(at, "mail", mail["To"].addresses[0].display_name, f"{mail['Subject']}\n\n{words}")

    def _request(self, at: datetime, request: Received) -> Said:
        if "Messages.json" in request.path:
            return Said(at, "text message", self.names[request.form["To"]], request.form["Body"])
        is_new = request.path.endswith("chat.postMessage")
        to = self.names[request.json["channel"]] if is_new else "Slack, in place"
        return Said(at, "Slack message" if is_new else "Slack update", to, _words(request))


def _words(request: Received) -> str:
    if "Messages.json" in request.path:
        return request.form["Body"]
    return "\n".join(_texts(request.json.get("blocks") or request.json.get("text", "")))


def _texts(value: object) -> Iterator[str]:
    """The texts of the blocks of a Slack message, buttons in brackets."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        is_button = value.get("type") == "button"
        for name in ("text", "fields", "elements"):
            found = list(_texts(value[name])) if name in value else []
            yield from (f"[{text}]" for text in found) if is_button else found


@asynccontextmanager
async def open_night(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
) -> AsyncIterator[Night]:
    settings = make_settings(
        database_url,
        redis_url,
        smtp_url=mailbox.url,
        public_url=PUBLIC,
        outbound_allowed=("127.0.0.1",),
        slack_url=receiver.url,
        slack_token="xoxb-test",
        slack_signing_secret="slack secret",
        twilio_url=receiver.url,
        twilio_account_sid="AC1",
        twilio_auth_token=TOKEN,
        twilio_from=FROM,
        owner_email="olive@example.com",
    )
    receiver.reply = json_reply({"ok": True, "channel": "D1", "ts": "1.1", "sid": "SM1"})
    async with serving(settings, clock) as (url, app):
        res = app.state.resources
        await make_partitions(res)
        credentials = await first_setup(res)
        assert credentials is not None
        yield Night(url, res, clock, mailbox, receiver, credentials)


def read_transcript(text: str) -> str:
    """The messages that a document quotes."""
    (quoted,) = re.findall(r"<!-- what was said -->\n(.*?)<!-- end -->", text, re.DOTALL)
    return quoted.strip()


def write_transcript(said: list[Said]) -> str:
    """Messages as a document quotes them."""
    return "\n\n".join(f"**{one.title}**\n\n````text\n{one.words}\n````" for one in said)
