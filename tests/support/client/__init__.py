"""The package of `frontend-contract`, as npm would install it, and a program by which a test sees what its client gives."""

import asyncio
import json
import re
import shutil
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

import pytest

from core.settings import ROOT
from schema.export import TARGET
from tests.support import graphql_clients
from tests.support.browser import Browser
from tests.support.npm import installed, npm
from tests.support.relay import compile_relay

HERE = Path(__file__).parent
NAME = "tocsin-client"
EXAMPLES = ROOT / "examples"
_CLIENTS = Path(graphql_clients.__file__).parent
_PATIENCE_S = 30
_TOLD = re.compile(r"TOLD ([\w%.~!*'()-]+)")


@pytest.fixture(scope="session")
def project(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples, whose `node_modules` has the package, as it is packed, beside the published clients."""
    made = tmp_path_factory.mktemp("project")
    modules = made / "node_modules"
    modules.mkdir()
    for package in installed(node, _CLIENTS).iterdir():
        (modules / package.name).symlink_to(package)
    (told,) = json.loads(npm(node, TARGET.parent, "pack", "--json", "--offline", f"--pack-destination={made}"))
    with tarfile.open(made / told["filename"]) as packed:
        packed.extractall(made, filter="data")
    (made / "package").rename(modules / NAME)
    for path in HERE.glob("[!_]*.*"):
        shutil.copy(path, made)
    for path in EXAMPLES.glob("with_*.ts"):
        shutil.copy(path, made)
    compile_relay(node, made / "with_relay.ts")
    (made / "package.json").write_text('{ "type": "module" }')
    return made


class Told:
    """What the program tells, which it prints among other things."""

    def __init__(self, printed: Path) -> None:
        self._printed = printed
        self._taken = 0

    async def next(self) -> Any:
        """The next that it tells."""
        async with asyncio.timeout(_PATIENCE_S):
            while len(told := _TOLD.findall(self._printed.read_text(errors="replace"))) <= self._taken:
                await asyncio.sleep(0.02)
        self._taken += 1
        return json.loads(unquote(told[self._taken - 1]))

    async def of(self, kind: str) -> Any:
        """The next of that kind, past others."""
        while (told := await self.next())["kind"] != kind:
            assert told["kind"] != "failed", told
        return told["value"]


@asynccontextmanager
async def told_in_node(node: str, project: Path, program: str = "program.js", **options: object) -> AsyncIterator[Told]:
    """The program in Node.js, within the block."""
    with TemporaryDirectory() as home:
        printed = Path(home, "printed")
        with printed.open("wb") as output:
            command = (node, str(project / program), json.dumps(options))
            process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output)
        try:
            yield Told(printed)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@asynccontextmanager
async def told_in_browser(browser: Browser, origin: str, **options: object) -> AsyncIterator[Told]:
    """The program in a page of the browser, within the block."""
    async with browser.at(f"{origin}/page.html#{quote(json.dumps(options))}") as printed:
        yield Told(printed)
