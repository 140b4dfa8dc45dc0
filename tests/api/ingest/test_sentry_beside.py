"""What comes in envelopes beside events, over real HTTP: kept with its event, counted, or passed over."""

import asyncio
import gzip
import json

import pytest

from models import Event, Feedback
from tests.api.ingest.test_sentry import BODY, ID, auth, envelope, send
from tests.support.factories.access import make_key
from tests.support.factories.project import make_project
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows, only_row
from tests.support.serving import Served

SAID = {
    "event_id": "0" * 31 + "1",
    "type": "feedback",
    "contexts": {
        "feedback": {
            "message": "I cannot pay with 4111 1111 1111 1111",
            "name": "Ann",
            "contact_email": "ann@example.com",
            "url": "https://shop.example.com/pay?token=tok_secret",
            "associated_event_id": ID,
        }
    },
}
FEEDBACK = json.dumps(SAID).encode()
USER_REPORT = json.dumps({"event_id": ID, "name": "Bob", "email": "bob@example.com", "comments": "Nor can I"}).encode()
CLIENT_REPORT = json.dumps({
    "timestamp": "2026-03-02T03:00:00Z",
    "discarded_events": [
        {"reason": "sample_rate", "category": "transaction", "quantity": 123},
        {"reason": "before_send", "category": "error", "quantity": 4},
        {"reason": "made up", "category": "error", "quantity": 1},
    ],
}).encode()  # fmt: skip
SHOWN = "nodes { message name email url eventId event { eventId } issue { shortId } project { slug } }"
ASKED = f"""{{
  projects {{ slug feedback {{ {SHOWN} }} discardedBySdks {{ reason category count }} }}
  issues {{ nodes {{ shortId feedback {{ {SHOWN} }} latestEvent {{ feedback {{ {SHOWN} }} }} }} }}
}}"""


async def test_feedback_is_shown_with_its_event_its_issue_and_its_project(served: Served):
    answer = await send(served, envelope(("feedback", FEEDBACK), ("event", BODY), event_id=ID))
    assert (answer.status_code, answer.json()) == (200, {"id": ID})
    asked = await served.ask(ASKED)
    assert "errors" not in asked, asked
    (issue,) = asked["data"]["issues"]["nodes"]
    expected = {
        "message": "I cannot pay with [REDACTED]",
        "name": "Ann",
        "email": "ann@example.com",
        "url": "https://shop.example.com/pay?token=[REDACTED]",
        "eventId": ID,
        "event": {"eventId": ID},
        "issue": {"shortId": issue["shortId"]},
        "project": {"slug": "default"},
    }
    (project,) = [project for project in asked["data"]["projects"] if project["slug"] == "default"]
    for shown in (issue, issue["latestEvent"], project):
        assert shown["feedback"]["nodes"] == [expected]


async def test_a_report_of_older_sdks_is_kept_once(served: Served):
    await send(served)
    for _ in range(2):
        assert (await send(served, envelope(("user_report", USER_REPORT), event_id=ID))).json() == {"id": ID}
    row = await only_row(served.res, Feedback)
    assert (row.message, row.name, row.email) == ("Nor can I", "Bob", "bob@example.com")
    assert row.row_id == (await only_row(served.res, Event)).id


async def test_the_same_feedback_at_the_same_time_is_kept_once(served: Served):
    answers = await asyncio.gather(*(send(served, envelope(("feedback", FEEDBACK))) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    await only_row(served.res, Feedback)


async def test_what_sdks_discarded_is_counted(served: Served):
    for _ in range(2):
        assert (await send(served, envelope(("client_report", CLIENT_REPORT)))).status_code == 200
    asked = await served.ask('{ project(slug: "default") { discardedBySdks { reason category count } } }')
    assert asked["data"]["project"]["discardedBySdks"] == [
        {"reason": "sample_rate", "category": "transaction", "count": 246},
        {"reason": "before_send", "category": "error", "count": 8},
        {"reason": "other", "category": "error", "count": 2},
    ]


DROPPED = (
    "transaction", "session", "sessions", "replay_event", "replay_recording", "replay_video", "profile", "profile_chunk",
    "check_in", "log", "otel_log", "span", "statsd", "metric_buckets", "trace_metric", "attachment", "security", "made_up",
)  # fmt: skip


@pytest.mark.parametrize("kind", DROPPED)
async def test_what_is_not_kept_is_dropped_without_a_word(served: Served, kind: str):
    others = [(kind, content) for content in (b"{}", b"", b"\n\xff\x00\n", bytes(3_000_000))]
    packed = gzip.compress(envelope(*others, event_id=ID))
    answer = await send(served, packed, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()) == (200, {"id": ID})
    assert not {"x-sentry-error", "x-sentry-rate-limits", "retry-after"} & set(answer.headers)
    assert await all_rows(served.res, Event) == await all_rows(served.res, Feedback) == []


@pytest.mark.parametrize("kind", ["feedback", "user_report", "client_report"])
@pytest.mark.parametrize(
    ("content", "status", "says"),
    [(b"{", 400, "is no JSON"), (b"[]", 400, "is no JSON object"), (b'{"x": "' + b"x" * 2**20 + b'"}', 413, "larger than")],
)  # fmt: skip
async def test_what_cannot_be_read_takes_no_event_with_it(
    served: Served, kind: str, content: bytes, status: int, says: str
):
    answer = await send(served, envelope((kind, content), ("event", BODY)))
    assert answer.status_code == status
    assert kind in answer.headers["x-sentry-error"]
    assert says in answer.headers["x-sentry-error"]
    assert (await only_row(served.res, Event)).event_id == ID


async def test_without_a_message_it_is_refused(served: Served):
    answer = await send(served, envelope(("feedback", b"{}")))
    assert (answer.status_code, answer.headers["x-sentry-error"]) == (400, "The feedback has no message.")


async def test_the_keys_of_one_project_are_good_for_no_other(served: Served):
    other = await make_project(served.res)
    key = await make_key(served.res, other)
    for item in (("feedback", FEEDBACK), ("client_report", CLIENT_REPORT)):
        assert (await send(served, envelope(item), key=key.public_key)).status_code == 403
        assert (await send(served, envelope(item), key=None)).status_code == 403
    assert await all_rows(served.res, Feedback) == []
    async with plain_http() as client:
        to = f"{served.url}/api/{other.number}/envelope/"
        await client.post(to, content=envelope(("feedback", FEEDBACK)), headers=auth(key.public_key))
    assert (await only_row(served.res, Feedback)).project_id == other.id


async def test_feedback_is_answered_with_its_id(served: Served):
    assert (await send(served, envelope(("feedback", FEEDBACK)))).json() == {"id": SAID["event_id"]}
    assert (await send(served, envelope(("feedback", FEEDBACK), event_id=ID))).json() == {"id": ID}


async def test_an_id_is_answered_in_32_digits_or_not_at_all(served: Served):
    dashed = "9EC79C33-EC99-42AB-8353-589FCB2E04DC"
    assert (await send(served, envelope(event_id=dashed))).json() == {"id": ID}
    assert (await send(served, envelope(event_id={"a": 1}))).json() == {"id": None}
    assert (await send(served, envelope(("event", BODY), event_id=dashed))).json() == {"id": ID}
