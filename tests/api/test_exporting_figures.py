import csv
from datetime import timedelta
from io import StringIO

import pytest

from domain.access import Scope
from domain.event import Severity
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.plain_http import plain_http
from tests.support.serving import Served

DAY = timedelta(days=1)


async def get(served: Served, name: str, credential: str | None = None, **parameters: object):
    headers = {"Authorization": f"Bearer {credential or served.credentials.token}"}
    async with plain_http(base_url=served.url, headers=headers) as http:
        return await http.get(f"/api/{name}.csv", params=parameters)


async def rows(served: Served, name: str, credential: str | None = None, **parameters: object) -> list[dict[str, str]]:
    answer = await get(served, name, credential, **parameters)
    assert answer.status_code == 200, answer.text
    assert f'filename="{name}.csv"' in answer.headers["content-disposition"]
    return list(csv.DictReader(StringIO(answer.text, newline="")))


async def test_events_over_time_are_a_table(served: Served):
    project, now = await make_project(served.res, slug="shop"), served.res.clock.now()
    issue = await make_issue(served.res, project, service="a, b", severity=Severity.HIGH)
    await count_events(served.res, issue, now, 5)
    await count_events(served.res, await make_issue(served.res, project, severity=Severity.LOW), now, 2)
    found = await rows(served, "stats")
    assert len(found) == 25
    assert {name: found[-1][name] for name in ("events", "high", "low", "info")} == {
        "events": "7", "high": "5", "low": "2", "info": "0",
    }  # fmt: skip
    since = (now - 3 * DAY).isoformat()
    days = await rows(served, "stats", bucket="day", since=since, service="a, b", project="shop", severity="HIGH,LOW")
    assert (len(days), days[-1]["events"]) == (4, "5")
    assert days[-1]["at"].endswith("T00:00:00.000Z")


async def test_who_has_how_much_to_do_is_a_table_of_those_in_sight(served: Served):
    project = await make_project(served.res, slug="shop")
    ann = await make_developer(served.res, name="=Ann")
    await make_team(served.res, members=(ann,), projects=(project,))
    await make_issue(served.res, project, assignee_id=ann.id)
    token = (await make_api_token(served.res, ann, Scope.READ)).secret
    mine = {row["developer"]: row for row in await rows(served, "workload", token)}
    assert (mine["'=Ann"]["open"], mine["'=Ann"]["utilisation"], mine["'=Ann"]["page_share"]) == ("1", "0.1", "")


@pytest.mark.parametrize(
    ("name", "parameters", "path"),
    [
        ("stats", {"bucket": "YEAR"}, ["bucket"]),
        ("stats", {"since": "yesterday"}, ["since"]),
        ("stats", {"since": "2020-01-01T00:00:00Z"}, ["range"]),
        ("stats", {"last": "P1D"}, ["last"]),
        ("workload", {"team": "x"}, ["team"]),
    ],
)
async def test_what_cannot_be_asked_is_refused(served: Served, name: str, parameters: dict[str, str], path: list[str]):
    answer = await get(served, name, **parameters)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"], error["extensions"]["path"]) == (
        400, "INVALID_INPUT", path,
    )  # fmt: skip


async def test_who_may_not_read_gets_no_table(served: Served):
    key = await make_key(served.res, await make_project(served.res))
    for name in ("stats", "workload"):
        assert (await get(served, name, "tcs_unknown")).status_code == 401
        assert (await get(served, name, key.public_key)).status_code in (401, 403)
