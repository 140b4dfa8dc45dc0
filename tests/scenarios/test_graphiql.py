"""GraphiQL in a real browser: its tabs run as they are, and what is watched goes on after a break."""

import json

import pytest

from tests.support.browser import Browser
from tests.support.devtools import Page, looked_into
from tests.support.line import line_to
from tests.support.serving import Served
from tests.support.watched import log, until_nobody_watches

TABS = ["LogError", "OpenDashboard", "ListIssues", "ShowStats", "WatchErrors", "ResolveIssue"]
SHOWN = "document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
QUERY = "document.querySelector('.graphiql-query-editor .CodeMirror')"
LIVE = "subscription WatchErrors { errorLogged { __typename ... on StreamPosition { cursor isNow: isLive } } }"
# The first run of all brings the browser.
pytestmark = pytest.mark.timeout(300)


async def execute(page: Page, tab: str) -> None:
    """Choose the tab, and press the button."""
    tabs = "[...document.querySelectorAll('.graphiql-tab-button')]"
    await page.run(f"{tabs}.find((tab) => tab.textContent === '{tab}').click()")
    await page.until(f"localStorage.getItem('graphiql:operationName') === '{tab}'")  # once it has read the tab
    await page.run("document.querySelector('.graphiql-execute-button').click()")


async def shown(page: Page, part: str) -> dict:
    """What is answered, once that is in it."""
    await page.until(f"{SHOWN}.includes({json.dumps(part)})")
    return json.loads(await page.run(SHOWN))


async def written(page: Page, text: str) -> None:
    """Write that, and run it by the keyboard, since the button asks which of several is meant."""
    await page.run(f"{QUERY}.CodeMirror.setValue({json.dumps(text)})")
    await page.until(f"localStorage.getItem('graphiql:query') === {json.dumps(text)}")  # once it has read it
    pressed = "new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, ctrlKey: true, bubbles: true })"
    await page.run(f"{QUERY}.querySelector('textarea').dispatchEvent({pressed})")


async def test_its_tabs_work_and_what_is_watched_goes_on_after_a_break(served: Served, browser: Browser):
    async with line_to(served.url) as line, looked_into(browser, f"{line.url}/graphql") as page:
        await page.until("document.querySelectorAll('.graphiql-tab-button').length > 1")
        await page.run(f"sessionStorage.setItem('tocsin:token', '{served.credentials.token}'); location.reload()")
        said = await page.until("document.querySelector('.token [role=status]')?.textContent")
        assert said.startswith("You are Owner, who may ")
        titles = "[...document.querySelectorAll('.graphiql-tab-button')].map((tab) => tab.textContent)"
        assert await page.run(titles) == TABS
        await execute(page, "LogError")
        assert (await shown(page, "outcome"))["data"]["logError"]["outcome"] == "STORED"
        await execute(page, "OpenDashboard")
        assert len((await shown(page, "streamPosition"))["data"]["issues"]["nodes"]) == 1
        await execute(page, "ListIssues")
        (issue,) = (await shown(page, "culprit"))["data"]["issues"]["nodes"]
        assert issue["title"] == "ValueError: An error from GraphiQL"
        await execute(page, "ShowStats")
        assert (await shown(page, "byService"))["data"]["stats"]["total"] == 1
        await execute(page, "WatchErrors")
        await shown(page, "StreamPosition")
        await log(served, "before the break")
        await shown(page, "before the break")
        line.cut()
        await log(served, "during the break")
        answer = await shown(page, "during the break")
        await page.run("document.querySelector('.graphiql-execute-button').click()")
        await until_nobody_watches(served)
    items = [answer["data"]["errorLogged"], *answer["extensions"]["earlier"]]
    messages = [item["event"]["message"] for item in items if item["__typename"] == "ErrorLogged"]
    assert messages == ["during the break", "before the break"]


async def test_what_is_chosen_of_several_is_watched_until_it_is_stopped(served: Served, browser: Browser):
    async with looked_into(browser, f"{served.url}/graphql") as page:
        await page.until("document.querySelectorAll('.graphiql-tab-button').length > 1")
        await page.run(f"sessionStorage.setItem('tocsin:token', '{served.credentials.token}'); location.reload()")
        await page.until("document.querySelector('.token [role=status]')?.textContent")
        await execute(page, "WatchErrors")
        await shown(page, "StreamPosition")
        await page.run("document.querySelector('.graphiql-execute-button').click()")
        await until_nobody_watches(served)
        # It could not go on after a break, which keeps nobody from trying it.
        await written(page, f"query Other {{ viewer {{ scopes }} }} {LIVE}")
        assert (await shown(page, "isNow"))["data"]["errorLogged"].keys() == {"__typename", "cursor", "isNow"}
