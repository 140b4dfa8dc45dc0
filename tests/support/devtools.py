"""A page in the browser that a test looks into, by the protocol of Chromium's own tools."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import websockets

from tests.support.browser import Browser

_PATIENCE_S = 20
_LISTENS = re.compile(r"DevTools listening on (ws://\S+)")


class NavigatedError(Exception):
    """The page went elsewhere, or was loaded anew, while the script ran in it."""


class Page:
    """The page: what a script in it gives. See https://chromedevtools.github.io/devtools-protocol/."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._session: str | None = None
        self._ids = 0

    async def attach(self) -> None:
        """Begin with the only page that is open."""
        targets = (await self._call("Target.getTargets"))["targetInfos"]
        (target,) = (target["targetId"] for target in targets if target["type"] == "page")
        attached = await self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    async def run(self, script: str) -> Any:
        """What the expression is."""
        given = await self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in given, given
        return given["result"].get("value")

    async def until(self, script: str) -> Any:
        """What the expression is, once that is true."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not (value := await self._tried(script)):
                    await asyncio.sleep(0.05)
        except TimeoutError as error:
            raise AssertionError((script, await self.run("document.body.innerText"))) from error
        return value

    async def _tried(self, script: str) -> Any:
        """What the expression is; none while the page is being loaded."""
        try:
            return await self.run(script)
        except NavigatedError:
            return None

    async def _call(self, method: str, **parameters: object) -> Any:
        self._ids += 1
        message: dict[str, object] = {"id": self._ids, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send(json.dumps(message))
        while (answer := json.loads(await self._socket.recv())).get("id") != self._ids:
            pass
        if "navigated" in answer.get("error", {}).get("message", ""):
            raise NavigatedError
        assert "error" not in answer, answer
        return answer["result"]


@asynccontextmanager
async def looked_into(browser: Browser, url: str) -> AsyncIterator[Page]:
    """The page at that address, open within the block."""
    async with browser.at(url, "--remote-debugging-port=0") as printed:
        address = await _address(printed)
        async with websockets.connect(address, max_size=None) as socket:
            page = Page(socket)
            await page.attach()
            yield page


async def _address(printed: Path) -> str:
    async with asyncio.timeout(_PATIENCE_S):
        while not (found := _LISTENS.search(printed.read_text(errors="replace"))):
            await asyncio.sleep(0.02)
    return found[1]
