import logging

import structlog
from sqlmodel import select

from domain.project import INTERNAL
from domain.report import IngestSource
from models import Event
from resolvers.own_errors import tracked_errors
from resolvers.resources import Resources
from tests.support.factories.project import make_project


async def stored(res: Resources) -> list[Event]:
    async with res.db.reading() as session:
        return list((await session.exec(select(Event).order_by(Event.id))).all())


async def test_an_exception_that_is_logged_becomes_an_event_of_our_own_project(writing: Resources):
    project = await make_project(writing, slug=INTERNAL)
    async with tracked_errors(writing, "tocsin-api"):
        try:
            {}["absent"]
        except KeyError:
            logging.getLogger("some.room").exception("a field failed")
    (event,) = await stored(writing)
    assert (event.project_id, event.service, event.error_type) == (project.id, "tocsin-api", "KeyError")
    assert event.source is IngestSource.INTERNAL
    assert event.payload["exceptions"][0]["frames"][-1]["function"].startswith("test_an_exception")


async def test_what_carries_no_exception_and_what_comes_later_is_only_logged(writing: Resources):
    await make_project(writing, slug=INTERNAL)
    async with tracked_errors(writing, "tocsin-api"):
        logging.getLogger("some.room").error("nothing was raised")
    logging.getLogger("some.room").error("too late", exc_info=ValueError("late"))
    assert await stored(writing) == []


async def test_without_the_project_it_is_said_and_nothing_breaks(writing: Resources):
    with structlog.testing.capture_logs() as lines:
        async with tracked_errors(writing, "tocsin-api"):
            logging.getLogger("some.room").error("lost", exc_info=ValueError("lost"))
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["own error not stored"]
