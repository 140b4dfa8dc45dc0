"""A program is bundled by a real bundler, its maps uploaded by us and by `sentry-cli` as it is, and it breaks."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import httpx
import pytest

from core.settings import ROOT
from tests.support.npm import installed
from tests.support.plain_http import plain_http
from tests.support.serving import Served

PROGRAMS = Path(__file__).parent / "source_maps"
PATIENCE_S = 50
EVENTS = """{ events { nodes {
  release dist rawStackTrace ingestNotes issue { shortId culprit }
  exceptions { frames { function filename line inApp contextLine } }
} } }"""
FRAME = {
    "function": "chargeTheCard",
    "filename": "src/pay.ts",
    "line": 4,
    "inApp": True,
    "contextLine": "  throw new PaymentDeclined(`declined ${amount}`);",
}
pytestmark = pytest.mark.timeout(180)


class Shop:
    """The program, and the tools that bundle it and upload its maps."""

    def __init__(self, served: Served, node: str, home: Path) -> None:
        self.served, self.node, self.home = served, node, home

    async def run(self, *command: str, **environment: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env={"PATH": os.environ["PATH"], "NO_PROXY": "*"} | environment,  # noqa: TID251 - handed on, not read
            cwd=self.home,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    async def build(self, name: str, *entries: str) -> None:
        """Bundle the entries to `dist/<name>.mjs`, minified, with a map beside it."""
        lines = "".join(f'import "./src/{entry}";\n' for entry in entries)
        (self.home / f"{name}.ts").write_text(lines)
        options = ["--bundle", "--minify", "--sourcemap", "--platform=node", "--format=esm", "--external:@sentry/node"]
        esbuild = str(self.home / "node_modules" / "esbuild" / "bin" / "esbuild")
        await self.run(self.node, esbuild, f"{name}.ts", *options, f"--outfile=dist/{name}.mjs")

    async def cli(self, *arguments: str, command: str = "sourcemaps") -> str:
        found = next((self.home / "node_modules" / "@sentry").glob("cli-*/bin/sentry-cli*"), None)
        if found is None:
            pytest.skip("There is no sentry-cli in the registry for this platform.")
        return await self.run(
            str(found),
            "--url",
            self.served.url,
            "--auth-token",
            self.served.credentials.token,
            command,
            *arguments,
            SENTRY_LOAD_DOTENV="0",
            HOME=str(self.home),
        )

    async def upload(self, release: str, name: str) -> httpx.Response:
        parameters = {"project": "default", "release": release, "url": str(self.home / "dist" / f"{name}.mjs")}
        headers = {"Authorization": f"Bearer {self.served.credentials.token}"}
        async with plain_http() as client:
            body = (self.home / "dist" / f"{name}.mjs.map").read_bytes()
            url = self.served.url + "/api/sourcemaps"
            return await client.post(url, params=parameters, content=body, headers=headers)

    async def break_down(self, release: str, name: str, **environment: str) -> None:
        program = str(self.home / "dist" / f"{name}.mjs")
        credentials = {"KEY": self.served.credentials.ingest_key, "DSN": self.served.dsn}
        await self.run(
            self.node, program, URL=self.served.url + "/graphql", RELEASE=release, **credentials, **environment
        )

    async def events(self) -> list[dict]:
        answer = await self.served.ask(EVENTS)
        assert "errors" not in answer, answer
        return sorted(answer["data"]["events"]["nodes"], key=lambda event: event["release"])


@pytest.fixture
async def shop(served: Served, node: str, tmp_path: Path) -> Shop:
    home = tmp_path / "shop"
    shutil.copytree(PROGRAMS / "shop", home)
    (home / "node_modules").symlink_to(installed(node, PROGRAMS))
    return Shop(served, node, home)


def functions(event: dict) -> list[str | None]:
    return [frame["function"] for frame in event["exceptions"][-1]["frames"] if frame["inApp"]]


async def test_two_builds_whose_maps_were_uploaded_are_one_issue_by_original_positions(shop: Shop):
    await shop.build("first", "main.ts")
    await shop.build("second", "other.ts", "main.ts")
    for release, name in (("shop@1", "first"), ("shop@2", "second")):
        answer = await shop.upload(release, name)
        assert answer.status_code == 201, answer.text
        await shop.break_down(release, name)
    first, second = await shop.events()
    assert first["rawStackTrace"].splitlines()[1] != second["rawStackTrace"].splitlines()[1]
    for event in (first, second):
        assert event["exceptions"][-1]["frames"][-1] == FRAME
        assert functions(event)[-4:] == ["handleClick", None, "checkOut", "chargeTheCard"]
        assert "original positions" in event["ingestNotes"][0]
        assert ".mjs:" in event["rawStackTrace"]
    assert first["issue"] == second["issue"]


async def test_maps_that_sentry_cli_uploads_by_release(shop: Shop):
    await shop.build("first", "main.ts")
    said = await shop.cli(
        "upload",
        "--org",
        "any",
        "--project",
        "default",
        "--release",
        "shop@1",
        "--url-prefix",
        str(shop.home / "dist"),
        "dist",
    )
    assert "Uploaded files to Sentry" in said
    await shop.break_down("shop@1", "first")
    (event,) = await shop.events()
    assert event["exceptions"][-1]["frames"][-1] == FRAME


async def test_maps_that_sentry_cli_uploads_by_dist(shop: Shop):
    options = ["--org", "any", "--project", "default", "--url-prefix", str(shop.home / "dist")]
    # What tells the maps apart is the path that each says its source has.
    for dist in (["--dist", "7"], ["--dist", "8"], []):
        await shop.build("sdk", "sdk.ts")
        written = shop.home / "dist" / "sdk.mjs.map"
        written.write_text(written.read_text().replace("/src/", f"/src{'-'.join(dist)}/"))
        said = await shop.cli("upload", *options, "--release", "shop@1", *dist, "dist")
        assert "Uploaded files to Sentry" in said
    for dist in ("7", "8", "9"):
        await shop.break_down("shop@1", "sdk", DIST=dist)
    shown = {event["dist"]: event["exceptions"][-1]["frames"][-1]["filename"] for event in await shop.events()}
    assert shown == {"7": "src--dist-7/pay.ts", "8": "src--dist-8/pay.ts", "9": "src/pay.ts"}


async def test_maps_that_sentry_cli_injects_debug_ids_into_are_found_by_an_sdk(shop: Shop):
    await shop.build("sdk", "sdk.ts")
    await shop.cli("inject", "dist")
    said = await shop.cli("upload", "--org", "any", "--project", "default", "--wait", "dist")
    assert "File processing complete" in said
    again = await shop.cli("upload", "--org", "any", "--project", "default", "--wait", "dist")
    assert "Nothing to upload" in again
    await shop.break_down("shop@1", "sdk")
    (event,) = await shop.events()
    assert event["exceptions"][-1]["frames"][-1] == FRAME
    assert functions(event)[-2:] == ["checkOutBySdk", "chargeTheCard"]
    assert ".mjs:" in event["rawStackTrace"]


async def test_the_commands_of_the_document(shop: Shop):
    await shop.build("app", "sdk.ts")
    (shop.home / "dist" / "app.js.map").write_bytes((shop.home / "dist" / "app.mjs.map").read_bytes())
    found = next((shop.home / "node_modules" / "@sentry").glob("cli-*/bin"), None)
    if found is None:
        pytest.skip("There is no sentry-cli in the registry for this platform.")
    environment = {
        "PATH": f"{found}:{os.environ['PATH']}",  # noqa: TID251 - handed on, not read
        "URL": f"{shop.served.url}/graphql",
        "TOKEN": shop.served.credentials.token,
        "SITE": "https://shop.example",
        "HOME": str(shop.home),
    }
    said = await shop.run("sh", str(ROOT / "examples" / "upload_source_map.sh"), **environment)
    assert json.loads(said)["url"] == "https://shop.example/app.js"
    said = await shop.run("sh", str(ROOT / "examples" / "upload_with_sentry_cli.sh"), **environment)
    assert "File processing complete" in said or "Uploaded files to Sentry" in said
    await shop.break_down("shop@1", "app")
    (event,) = await shop.events()
    assert event["exceptions"][-1]["frames"][-1] == FRAME
