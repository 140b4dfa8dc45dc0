from icalendar import Calendar

from domain.access import system
from resolvers.schedule.calendar_url import create_calendar_url
from tests.support.factories.developer import make_developer
from tests.support.factories.schedule import make_schedule
from tests.support.plain_http import plain_http
from tests.support.serving import Served


async def test_a_program_subscribes_by_the_address_alone(served: Served):
    schedule = await make_schedule(served.res, await make_developer(served.res, name="Ann"), name="Pay")
    made = await create_calendar_url(served.res, system(), schedule_id=schedule.id)
    path = "/calendar/" + made.url.rpartition("/")[2]
    async with plain_http(base_url=served.url) as http:
        answer = await http.get(path)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.headers["cache-control"] == "private, max-age=900"
        assert [str(one["summary"]) for one in Calendar.from_ical(answer.content).events] == ["Ann on call: Pay"]
        for tag in (answer.headers["etag"], "W/" + answer.headers["etag"], '"x", ' + answer.headers["etag"], "*"):
            again = await http.get(path, headers={"If-None-Match": tag})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert (await http.get(path, headers={"If-None-Match": '"x"'})).status_code == 200
        assert (await http.head(path)).status_code == 200
        for wrong in ("/calendar/tcc_x.ics", "/calendar/.ics", path.removesuffix(".ics")):
            assert (await http.get(wrong)).status_code == 404
