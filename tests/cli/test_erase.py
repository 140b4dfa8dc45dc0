from models import Event
from resolvers.resources import Resources
from tests.cli.test_administration import tocsin  # noqa: F401 - a fixture
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import only_row


async def test_a_person_is_taken_out_of_a_project(res: Resources, tocsin):  # noqa: F811 - the fixture
    project = await make_project(res, slug="shop")
    issue = await make_issue(res, project, events=1)
    event = await make_event(res, issue, payload={"user": {"id": "u-7", "email": "ann@example.com"}})
    done = await tocsin("erase", "--project", "shop", "--user", "email=ann@example.com", as_a_person=True)
    assert (done.code, done.out, done.err) == (0, "1 of 2 events changed", "")
    assert (await only_row(res, Event, Event.id == event.id)).payload == {}


async def test_nobody_and_nowhere_are_said_in_a_line(res: Resources, tocsin):  # noqa: F811 - the fixture
    await make_project(res, slug="shop")
    nobody = await tocsin("erase", "--project", "shop", "--user", "ann")
    assert (nobody.code, nobody.err) == (1, "--user must be one of id=…, email=…, ip=…, username=…, not 'ann'.")
    nowhere = await tocsin("erase", "--project", "none", "--user", "id=7")
    assert (nowhere.code, nowhere.err) == (1, "There is no project none.")
