"""A person who is erased is taken out of archived files too, by the rule that holds for rows."""

from datetime import date, timedelta
from pathlib import Path

import pytest

import models
from core.clock import ManualClock
from domain.access import system
from domain.archive import MARK
from domain.errors import PermissionDenied, Unavailable
from domain.feedback import Feedback
from models import Erasure, Project
from resolvers.archive import erase, part
from resolvers.archive.confirmed import erasures_wait
from resolvers.archive.erase import erase_archived
from resolvers.archive.place import place
from resolvers.archive.run import archive_expired
from resolvers.erasure.request import erase_person
from resolvers.erasure.steps import continue_erasures
from resolvers.feedback import keep_feedback
from resolvers.partitions import drop_partitions
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.archives import archived_events
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.writing import reporter

ADMIN = system("test")
MAIL = "ann@example.com"
USER = {"user": {"id": "u-7", "email": MAIL}, "tags": [["plan", "pro"]]}


async def make_archived(res: Resources, clock: ManualClock) -> Project:
    """A project with four archived events, of which two are of a person and one more names them."""
    project = await make_project(res)
    issue = await make_issue(res, project, events=0)
    await make_event(res, issue, payload=USER, message=f"no mail to {MAIL}", event_id="theirs")
    await make_event(res, issue, payload={"text": f"again {MAIL.upper()}"})
    await make_event(res, issue, payload={"user": {"id": "u-8"}})
    await make_event(res, issue, payload={"user": {"id": "u-7"}}, at=clock.now() + timedelta(days=1))
    await clock.advance(timedelta(days=92))
    await archive_expired(res, ADMIN)
    await drop_partitions(res)
    # What survives in the database has tests of its own.
    await res.db.raw.execute("DELETE FROM kept_event")
    return project


async def ask(res: Resources, project: Project, **known_as: str) -> None:
    """Erase somebody, as far as the database goes."""
    await erase_person(res, ADMIN, project_id=project.id, known_as=known_as)
    while await continue_erasures(res):
        pass


async def counted(res: Resources) -> tuple[int, int, bool]:
    """Of the latest erasure: events changed, events read, and whether it is done."""
    *_, erasure = await all_rows(res, Erasure)
    return erasure.events_changed, erasure.events_read, erasure.finished_at is not None and erasure.person is None


async def test_nothing_of_the_person_is_left_in_files(archiving: Resources, clock: ManualClock):
    res = archiving
    project, other = await make_archived(res, clock), await make_project(res)
    before = await archived_events(res, project)
    await ask(res, project, email=MAIL, id="u-7")
    assert await counted(res) == (0, 0, False)
    assert await erasures_wait(res)
    assert await erase_archived(res, ADMIN) == 1
    assert await counted(res) == (3, 4, True)
    found = await archived_events(res, project)
    assert MAIL not in str(found).lower()
    assert [row["payload"] for row in found] == [
        {"tags": [["plan", "pro"]]},
        {"text": "again [ERASED]"},
        {"user": {"id": "u-8"}},
        {},
    ]
    assert found[0]["message"] == "no mail to [ERASED]"
    changing = ("message", "payload")
    assert [{**row, **dict.fromkeys(changing)} for row in found] == [
        {**row, **dict.fromkeys(changing)} for row in before
    ]
    assert not await erasures_wait(res)
    await ask(res, project, email=MAIL)
    await erase_archived(res, ADMIN)
    assert await counted(res) == (0, 4, True)
    await ask(res, other, email=MAIL)
    assert await counted(res) == (0, 0, True)


async def test_what_is_said_of_archived_events_and_who_was_counted_goes(in_directory: Resources, clock: ManualClock):
    res = in_directory
    project = await make_archived(res, clock)
    (theirs,) = await archived_events(res, project, event_id="theirs")
    await keep_feedback(res, reporter(project), lambda _: Feedback("I cannot pay", event_id="x"))
    await res.db.raw.execute("UPDATE feedback SET row_id = $1", theirs["id"])
    await ask(res, project, email=MAIL)
    assert len(await all_rows(res, models.Feedback)) == 1
    await erase_archived(res, ADMIN)
    assert await all_rows(res, models.Feedback) == []


@pytest.mark.parametrize("dies_in", ["settle", "progress"])
async def test_one_that_is_cut_off_goes_on_and_counts_right(
    in_directory: Resources, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, dies_in: str
):
    res = in_directory
    project = await make_archived(res, clock)
    await ask(res, project, email=MAIL, id="u-7")
    with monkeypatch.context() as broken:
        if dies_in == "settle":
            broken.setattr(part.Files, "settle", _no_space)
            expected: type[Exception] = Unavailable
        else:
            broken.setattr(erase, "_PROGRESS", "SELECT 1/0 WHERE $1::uuid IS NOT NULL OR $2 = $3::text OR $4 = 1")
            expected = Exception
        with pytest.raises(expected):
            await erase_archived(res, ADMIN)
    assert await counted(res) == (0, 0, False)
    await erase_archived(res, ADMIN)
    assert await counted(res) == (3, 4, True)
    assert MAIL not in str(await archived_events(res, project)).lower()
    assert [stored.name for stored in place(res).list() if stored.name.startswith("writing")] == []


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


async def test_while_the_archive_is_away_nobody_is_called_erased(
    in_directory: Resources, clock: ManualClock, tmp_path: Path
):
    res = in_directory
    project = await make_archived(res, clock)
    await ask(res, project, email=MAIL)
    (tmp_path / "archive").rename(tmp_path / "unmounted")
    with pytest.raises(Unavailable, match="is it mounted"):
        await erase_archived(res, ADMIN)
    assert await counted(res) == (0, 0, False)
    assert (await only_row(res, Erasure)).person == {"email": MAIL}
    # Given up for good, a new place is made by hand.
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / MARK).touch()
    await erase_archived(res, ADMIN)
    assert await counted(res) == (0, 0, True)


async def test_somebody_whose_events_are_being_archived_is_not_missed(in_directory: Resources, clock: ManualClock):
    """A day is known from before its first file, so the erasure waits for the archive."""
    res = in_directory
    project = await make_project(res)
    await res.db.raw.execute(
        "INSERT INTO archived_day VALUES ($1, $2, false, 0, $3)", project.id, date(2026, 3, 2), clock.now()
    )
    await ask(res, project, email=MAIL)
    assert await erasures_wait(res)


async def test_it_is_for_those_who_may_do_everything(in_directory: Resources):
    project = await make_project(in_directory)
    with pytest.raises(PermissionDenied):
        await erase_archived(in_directory, acting(await make_developer(in_directory), project))
