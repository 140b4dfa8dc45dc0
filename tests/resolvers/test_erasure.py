"""A person is taken out of one project: of events, kept ones, what quotes them, and then of the request itself."""

from datetime import timedelta

import pytest

import models
from core.clock import ManualClock
from domain.access import Role, Scope, system
from domain.errors import InvalidInput, NotFound, PermissionDenied
from domain.feedback import Feedback
from models import AuditEntry, Event, Issue
from resolvers.erasure import steps
from resolvers.erasure.request import erase_person, erasures_by_project_id
from resolvers.erasure.steps import continue_erasures
from resolvers.event.loaders import EventRef, payloads_by_ref
from resolvers.event.prune import prune_events
from resolvers.feedback import keep_feedback
from resolvers.intake.log import log_error
from resolvers.resources import Resources
from resolvers.summary.send import send_summaries
from resolvers.warning.thresholds import check_thresholds
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.rows import all_rows
from tests.support.writing import reporter

ADMIN = system("test")
MAIL = "ann@example.com"


async def log(res: Resources, project, user: str | None, message: str = "bad", **more: str):
    fields = {**more, "project": project.slug, "service": "shop", "errorType": "ValueError", "message": message}
    theirs = {
        "user": {"id": user, "email": MAIL},
        "tags": [{"key": "by", "value": MAIL}, {"key": "to", "value": f"<{MAIL}>"}],
    }
    return await log_error(res, ADMIN, {**fields, **(theirs if user else {})})


async def erase(res: Resources, project, **known_as: str):
    await erase_person(res, ADMIN, project_id=project.id, known_as=known_as)
    while await continue_erasures(res):
        pass
    ((done, *_),) = await erasures_by_project_id(res, ADMIN, [project.id])
    assert done.finished_at
    return done.events_changed, done.events_read


async def everything(res: Resources) -> str:
    """All that is stored as text, payloads unpacked."""
    texts = []
    for table in ("issue", "notification", "audit_entry", "erasure", "activity", "feed", "key_facet"):
        texts += [row[0] for row in await res.db.raw.fetch(f"SELECT t::text FROM {table} t")]
    return " ".join([*texts, *(f"{row.message} {row.payload}" for row in await all_rows(res, Event))])


async def test_nothing_of_the_person_is_left(writing: Resources, clock: ManualClock, monkeypatch: pytest.MonkeyPatch):
    res = writing
    monkeypatch.setattr(steps, "_STEP", 2)
    project, other = await make_project(res, retention_days=1), await make_project(res)
    old = await log(res, project, "u-7")
    await clock.advance(timedelta(days=2))
    await prune_events(res)
    for user, message in (("u-7", f"no mail to {MAIL}"), (None, f"again {MAIL}"), (None, "bad")):
        await log(res, project, user, message)
    assert MAIL in await everything(res)
    assert await erase(res, project, email=MAIL.upper()) == (3, 4)
    assert MAIL not in (await everything(res)).lower()
    tags = [["by", "[ERASED]"], ["to", "<[ERASED]>"]]
    assert await payloads_by_ref(res, ADMIN, [EventRef(project.id, old.row_id)]) == [{"tags": tags}]
    for table in ("event", "kept_event"):
        searched = await res.db.raw.fetch(f"SELECT DISTINCT user_hash, noted_tags ->> 'by' AS by FROM {table}")
        assert {(row["user_hash"], row["by"]) for row in searched} <= {(None, "[ERASED]"), (None, None)}
    assert await res.db.raw.fetchval("SELECT (SELECT count(*) FROM key_user) + (SELECT count(*) FROM seen_user)") == 0
    assert await erase(res, project, email=MAIL) == (0, 4)
    await log(res, other, "u-7")
    assert await erase(res, project, id="u-7") == (0, 4)
    assert [event.payload["user"]["id"] for event in await all_rows(res, Event, Event.project_id == other.id)] == [
        "u-7"
    ]


async def test_a_message_that_carried_those_of_the_project_tells_of_the_person_no_more(writing: Resources):
    res, ada = writing, await make_developer(writing)
    project, other = await make_project(res), await make_project(res)
    lead = await make_notification(res, await make_issue(res, other), ada)
    carried = await make_notification(res, await make_issue(res, project), ada)
    quote = "UPDATE notification SET content = content || jsonb_build_object('others', $2::text) WHERE id = $1"
    await res.db.raw.execute(quote, lead.id, MAIL)
    await res.db.raw.execute("UPDATE notification SET carrier_id = $2 WHERE id = $1", carried.id, lead.id)
    await erase(res, project, email=MAIL)
    assert MAIL not in await everything(res)


async def test_what_the_person_said_goes_and_what_others_say_of_them(writing: Resources):
    project = await make_project(writing)
    await log(writing, project, "u-7", eventId="e-1")
    for said in (
        Feedback("I cannot pay", event_id="e-1"),
        Feedback("me again", email=MAIL.upper()),
        Feedback(f"{MAIL} told me", name="Bob", url=f"https://shop.example/?of={MAIL}"),
    ):
        await keep_feedback(writing, reporter(project), lambda _, said=said: said)
    await erase(writing, project, email=MAIL)
    (left,) = await all_rows(writing, models.Feedback)
    assert (left.name, left.message, left.url) == ("Bob", "[ERASED] told me", "https://shop.example/?of=[ERASED]")


async def test_counts_stay(writing: Resources):
    project = await make_project(writing)
    await log(writing, project, "u-7")
    await erase(writing, project, id="u-7")
    assert await writing.db.raw.fetchrow("SELECT event_count, user_count FROM issue_counter") == (1, 1)
    assert len(await all_rows(writing, Issue)) == 1


async def test_the_audit_says_who_asked_and_not_of_whom(res: Resources):
    project = await make_project(res)
    await erase_person(res, ADMIN, project_id=project.id, known_as={"email": MAIL})
    (entry,) = await all_rows(res, AuditEntry)
    assert (entry.action, entry.target_id, entry.after) == ("erasePerson", project.id, {"knownBy": ["email"]})


async def test_who_may_not_and_what_is_nothing_is_refused(res: Resources):
    project = await make_project(res)
    developer = acting(await make_developer(res), project)
    assert Scope.ADMIN not in developer.scopes
    with pytest.raises(PermissionDenied):
        await erase_person(res, developer, project_id=project.id, known_as={"id": "7"})
    with pytest.raises(InvalidInput):
        await erase_person(res, ADMIN, project_id=project.id, known_as={})
    with pytest.raises(NotFound):
        await erase_person(res, ADMIN, project_id=developer.id, known_as={"id": "7"})
    assert not await continue_erasures(res)


async def test_nothing_of_the_person_is_left_in_summaries_and_warnings(mailing: Resources, clock: ManualClock):
    project = await make_project(mailing)
    await make_developer(mailing, role=Role.OWNER)
    issue = await make_issue(mailing, project, title=f"no mail to {MAIL}", message=f"no mail to {MAIL}")
    await count_events(mailing, issue, clock.now(), 200)
    await check_thresholds(mailing)
    await clock.advance(timedelta(days=1, hours=5))
    await send_summaries(mailing)
    assert (await everything(mailing)).count(MAIL) > 2
    await erase(mailing, project, email=MAIL)
    assert MAIL not in await everything(mailing)
