"""A new version of grouping takes over: what is known keeps its issue, what is new is grouped the new way."""

from hashlib import blake2b

from domain.grouping import Grouping, GroupingKey, GroupingKind, grouping_keys
from domain.report import Report
from domain.versions import Versions
from models import Event, Project
from models import GroupingKey as KeyRow
from resolvers.intake.incoming import Incoming, Stored, prepare
from resolvers.resources import Resources
from tests.support.factories.project import make_project
from tests.support.rows import all_rows


def second(report: Report) -> Grouping:
    """A version that only tests have: by the first word of the message."""
    word = report.message.partition(" ")[0]
    digest = blake2b(f"2\0{report.service}\0{word}".encode(), digest_size=16).digest()
    return Grouping(2, (GroupingKey(GroupingKind.MESSAGE, digest),), report)


BEFORE = Versions(grouping_keys)
DURING = Versions(second, grouping_keys)
AFTER = Versions(second)


def an_event(res: Resources, project: Project, message: str, versions: Versions) -> Incoming:
    report = Report(service="checkout", error_type="ValueError", message=message)
    return prepare(report, project_id=project.id, received_at=res.clock.now(), versions=versions)


async def store(res: Resources, project: Project, message: str, versions: Versions) -> Stored:
    (stored,) = await res.writer.store([an_event(res, project, message, versions)])
    return stored


async def test_an_old_key_leads_to_the_issue_which_gets_the_new_key(writing: Resources):
    project = await make_project(writing)
    before = await store(writing, project, "bad total", BEFORE)
    during = await store(writing, project, "bad total", DURING)
    after = await store(writing, project, "bad cart", AFTER)
    assert (during.is_new, after.is_new) == (False, False)
    assert before.issue_id == during.issue_id == after.issue_id
    keys = {key.id: key for key in await all_rows(writing, KeyRow)}
    assert sorted(key.version for key in keys.values()) == [1, 2]
    events = await all_rows(writing, Event)
    assert [keys[event.grouping_key_id].version for event in events] == [1, 2, 2]


async def test_what_is_first_seen_during_the_transition_has_new_keys_only(writing: Resources):
    project = await make_project(writing)
    assert (await store(writing, project, "bad total", DURING)).is_new
    assert [key.version for key in await all_rows(writing, KeyRow)] == [2]


async def test_a_new_key_that_is_owned_decides_before_an_old_one(writing: Resources):
    project = await make_project(writing)
    old = await store(writing, project, "bad total", BEFORE)
    new = await store(writing, project, "bad cart", AFTER)
    assert old.issue_id != new.issue_id
    assert (await store(writing, project, "bad total", DURING)).issue_id == new.issue_id


async def test_a_whole_batch_finds_its_issues(writing: Resources):
    project = await make_project(writing)
    known = await store(writing, project, "bad total", BEFORE)
    batch = [
        an_event(writing, project, message, DURING) for message in ("good grief", "bad total", "bad cart", "good bye")
    ]
    stored = await writing.writer.store(batch)
    assert [one.issue_id == known.issue_id for one in stored] == [False, True, True, False]
    assert stored[0].issue_id == stored[3].issue_id
    assert sorted(key.version for key in await all_rows(writing, KeyRow)) == [1, 2, 2]


async def test_without_the_transition_it_would_be_another_issue(writing: Resources):
    project = await make_project(writing)
    before = await store(writing, project, "bad total", BEFORE)
    assert (await store(writing, project, "bad total", AFTER)).issue_id != before.issue_id
