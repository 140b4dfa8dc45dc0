"""What leaves the spool: stored in its order, under its own id, once; what cannot be stored is a dead letter."""

import zlib
from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import ManualClock
from domain.access import system
from domain.dialects.graphql import report_from_input
from domain.errors import NotFound, PermissionDenied
from domain.report import IngestOutcome, Report
from models import Event, FeedRow
from resolvers.dead_letter import drop_dead_letters, list_dead_letters, retry_dead_letter
from resolvers.intake.drain import Drainer
from resolvers.intake.entry import decode, encode
from resolvers.intake.incoming import Incoming, prepare
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.writing import a_report

_COUNTED = "SELECT sum(event_count)::int FROM issue_counter"
_WHOLE = {
    "severity": "HIGH",
    "release": "1.2",
    "stackTrace": 'Traceback (most recent call last):\n  File "a.py", line 3, in pay\n    x()\nValueError: bad total',
    "request": {"method": "GET", "url": "http://shop.test/a"},
    "user": {"id": "7"},
    "tags": [{"key": "a", "value": "b"}],
    "contexts": {"deep": [1, {"x": None}], "é": "\N{SNOWMAN}"},
    "breadcrumbs": [{"message": "clicked"}],
    "fingerprint": ["mine"],
    "eventId": "theirs",
    "occurredAt": START - timedelta(minutes=5),
}


def incoming(project_id, at=START, **fields) -> Incoming:
    return prepare(report_from_input(a_report(**fields), received_at=at), project_id=project_id, received_at=at)


@pytest.mark.parametrize("fields", [{}, _WHOLE], ids=["least", "whole"])
def test_an_entry_is_the_event_that_was_put_in(fields: dict):
    event = incoming(uuid4(), **fields)
    again = decode(encode(event), START.date())
    assert asdict(again) | {"late_on": None} == asdict(event)


@given(st.text(), st.text())
def test_any_text_comes_out_as_it_went_in(message: str, value: str):
    event = incoming(uuid4(), message=f"x{message}", tags=[{"key": "a", "value": value or "x"}])
    assert decode(encode(event), START.date()).report == event.report


def test_what_a_newer_version_has_added_is_passed_over_and_what_is_missing_takes_its_default():
    parts = orjson.loads(zlib.decompress(encode(incoming(uuid4(), environment="staging"))))
    parts["report"] |= {"colour": "red"}
    del parts["report"]["environment"]
    report = decode(zlib.compress(orjson.dumps(parts)), START.date()).report
    assert report.environment == Report("a", "b", "c").environment


async def test_events_are_stored_in_the_order_in_which_they_came(res: Resources):
    project = await make_project(res)
    events = [incoming(project.id, message=f"number {number}", fingerprint=["one"]) for number in range(450)]
    for start in range(0, 450, 50):
        kept = await res.spool.keep(events[start : start + 50])
        assert {stored.outcome for stored in kept} == {IngestOutcome.SPOOLED}
    assert await Drainer(res).drain() == 450
    async with res.db.raw.acquire() as connection:
        told = await connection.fetch("SELECT subject_id FROM feed WHERE kind = 'EVENT_LOGGED' ORDER BY xid, id")
    assert [row["subject_id"] for row in told] == [event.id for event in events]
    assert await res.db.raw.fetchval(_COUNTED) == 450
    assert (await res.spool.state()).size == 0


async def test_an_event_that_was_stored_before_it_could_leave_the_spool_is_not_counted_again(res: Resources):
    project = await make_project(res)
    events = [incoming(project.id), incoming(project.id, eventId="theirs")]
    await res.spool.keep(events)
    drainer = Drainer(res)
    await drainer.drain()
    await res.spool.keep([*events, *events])
    await drainer.drain()
    assert len(await all_rows(res, Event)) == 2
    assert await res.db.raw.fetchval(_COUNTED) == 2


async def test_an_event_that_waited_for_days_gets_its_partition_and_is_news_of_the_day_on_which_it_is_stored(
    res: Resources, clock: ManualClock
):
    project = await make_project(res)
    event = incoming(project.id, START - timedelta(days=20))
    await res.spool.keep([event])
    await clock.advance(timedelta(days=12))
    await Drainer(res).drain()
    stored = await only_row(res, Event)
    assert (stored.id, stored.received_at) == (event.id, event.received_at)
    assert {row.day for row in await all_rows(res, FeedRow)} == {clock.now().date()}


async def test_one_process_drains_at_a_time(res: Resources):
    project = await make_project(res)
    await res.spool.keep([incoming(project.id)])
    async with res.db.raw.acquire() as other:
        await other.execute("SELECT pg_advisory_lock($1)", 0x70C55)
        assert await Drainer(res).drain() == 0
        await other.execute("SELECT pg_advisory_unlock($1)", 0x70C55)
    assert await Drainer(res).drain() == 1


@pytest.fixture
async def poisoned(res: Resources) -> Resources:
    """A spool with three good events, one that PostgreSQL does not take, and one that is none."""
    project = await make_project(res)
    await res.db.raw.execute("ALTER TABLE event ADD CONSTRAINT refused CHECK (message <> 'poison')")
    messages = ("good", "poison", "good", "good")
    await res.spool.keep([incoming(project.id, message=message) for message in messages])
    await res.spool._backlog.add([b"no event"])
    await Drainer(res).drain()
    return res


async def test_what_cannot_be_stored_is_a_dead_letter_and_holds_up_nothing(poisoned: Resources):
    assert len(await all_rows(poisoned, Event)) == 3
    assert (await poisoned.spool.state()).entries == 0
    letters = await list_dead_letters(poisoned, system())
    assert sorted("refused" in letter.reason for letter in letters) == [False, True]
    assert [letter.body for letter in letters if letter.event_id is None] == [b"no event"]


async def test_a_dead_letter_is_stored_when_it_is_tried_again_and_can_be(poisoned: Resources):
    (letter,) = [letter for letter in await list_dead_letters(poisoned, system()) if letter.event_id]
    assert "refused" in str(await retry_dead_letter(poisoned, system(), letter_id=letter.id))
    await poisoned.db.raw.execute("ALTER TABLE event DROP CONSTRAINT refused")
    assert await retry_dead_letter(poisoned, system(), letter_id=letter.id) is None
    assert letter.id in {event.id for event in await all_rows(poisoned, Event)}
    (other,) = await list_dead_letters(poisoned, system())
    assert "cannot be read" in str(await retry_dead_letter(poisoned, system(), letter_id=other.id))
    assert await drop_dead_letters(poisoned, system(), letter_ids=[other.id]) == 1
    with pytest.raises(NotFound):
        await retry_dead_letter(poisoned, system(), letter_id=other.id)


async def test_dead_letters_are_for_those_who_administer_everything(res: Resources):
    actor = acting(await make_developer(res), await make_project(res))
    with pytest.raises(PermissionDenied):
        await list_dead_letters(res, actor)
    with pytest.raises(PermissionDenied):
        await retry_dead_letter(res, actor, letter_id=uuid4())
    with pytest.raises(PermissionDenied):
        await drop_dead_letters(res, actor, letter_ids=[uuid4()])
