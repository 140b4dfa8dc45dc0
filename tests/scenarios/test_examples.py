"""The examples of the documents, run as a reader runs them: as programs of their own, against a running Tocsin."""

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.settings import ROOT
from domain.signature import HEADER, signature
from schema.export import TARGET
from tests.support.line import line_to
from tests.support.npm import installed, package_file
from tests.support.plain_http import plain_http
from tests.support.serving import Served

EXAMPLES = ROOT / "examples"
LOCKED = Path(__file__).parent / "sentry_sdks" / "node"
PATIENCE_S = 30
SHELL = """export const createClient = (options) => umd.createClient(options);
import umd from "./graphql-ws.cjs";
"""


def environment(served: Served, url: str | None = None) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],  # noqa: TID251 - handed on, not read
        "URL": f"{url or served.url}/graphql",
        "KEY": served.credentials.ingest_key,
        "TOKEN": served.credentials.token,
        "DSN": served.dsn,
        "SENTRY_URL": f"{served.url}/api/{served.credentials.project_number}",
    }


@asynccontextmanager
async def running(
    served: Served, *command: str, url: str | None = None, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment(served, url) | more,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)  # and what a shell has started
        await process.communicate()


async def output(served: Served, *command: str, **more: str) -> str:
    """What a program prints that ends by itself; `more` is added to its environment."""
    async with running(served, *command, **more) as process:
        printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 0, printed
    return printed.decode()


async def issues(served: Served) -> list[dict]:
    asked = "{ issues { nodes { title service severity culprit userCount latestEvent { exceptions { type } } } } }"
    return (await served.ask(asked))["data"]["issues"]["nodes"]


async def test_curl_logs_an_error(served: Served):
    answer = json.loads(await output(served, "sh", str(EXAMPLES / "log_an_error.sh")))
    assert answer["data"]["logError"]["outcome"] == "STORED"
    (issue,) = await issues(served)
    assert (issue["title"], issue["severity"]) == ("PaymentDeclined: The card was declined", "HIGH")


async def test_python_logs_an_exception_with_its_stack(served: Served):
    assert "STORED" in await output(served, sys.executable, str(EXAMPLES / "log_an_error.py"))
    (issue,) = await issues(served)
    assert issue["title"] == "KeyError: 'SKU-2'"
    assert issue["latestEvent"]["exceptions"] == [{"type": "KeyError"}]


async def test_javascript_logs_an_exception_with_its_stack(served: Served, node: str):
    assert "STORED" in await output(served, node, str(EXAMPLES / "log_an_error.mjs"))
    (issue,) = await issues(served)
    assert issue["title"].startswith("TypeError: Cannot read properties of null")
    assert issue["latestEvent"]["exceptions"] == [{"type": "TypeError"}]


async def test_curl_logs_a_batch_by_plain_http(served: Served):
    answer = json.loads(await output(served, "sh", str(EXAMPLES / "log_many.sh")))
    assert (answer["stored"], answer["refused"]) == (2, 0)
    (issue,) = await issues(served)
    assert (issue["service"], issue["severity"]) == ("imports", "LOW")


async def test_curl_sends_a_webhook(served: Served):
    answer = json.loads(await output(served, "sh", str(EXAMPLES / "webhook.sh")))
    assert answer["outcome"] == "STORED"
    (issue,) = await issues(served)
    assert (issue["service"], issue["title"]) == ("shop", "App\\Exceptions\\OrderFailed: Order 7 cannot be placed")


async def test_python_sends_a_signed_webhook(served: Served):
    (key,) = (await served.ask('{ project(slug: "default") { ingestKeys { id } } }'))["data"]["project"]["ingestKeys"]
    made = await served.ask(
        "mutation ($id: ID!) { createSigningSecret(input: { ingestKeyId: $id }) "
        "{ ... on CreatedSigningSecret { secret } } }",
        id=key["id"],
    )
    secret = made["data"]["createSigningSecret"]["secret"]
    assert await output(served, sys.executable, str(EXAMPLES / "webhook_signed.py"), SECRET=secret) == "STORED\n"
    (issue,) = await issues(served)
    assert issue["title"] == "Error: Payment failed"


async def test_python_takes_a_webhook_once_and_refuses_what_is_not_ours_or_comes_again(served: Served):
    body = (TARGET.parent / "webhook" / "notification.example.json").read_bytes()
    other = body.replace(b"019cac7d-0380-70ef", b"019cac7d-0380-70f0")
    secret, now = "tws_hush", int(time.time())
    program = (sys.executable, str(EXAMPLES / "receive_webhook.py"))
    async with running(served, *program, SECRET=secret, PORT="0") as process, plain_http() as http:
        url = f"http://127.0.0.1:{(await _line(process)).split()[-1]}/"

        async def status(at: int, body: bytes = body, *, signed: bytes = body, by: str = secret) -> int:
            headers = {HEADER: f"t={at},v1={signature(by, at, signed)}"}
            return (await http.post(url, content=body, headers=headers)).status_code

        assert (await http.post(url, content=body)).status_code == 401
        assert await status(now, by="tws_guessed") == 401
        assert await status(now, other, signed=body) == 401
        assert await status(now - 3600) == 401
        assert await status(now + 3600) == 401
        assert [await status(now), await status(now), await status(now - 1)] == [200, 409, 200]
        assert await status(now, other, signed=other) == 200
        told = "ALERT [CRITICAL] SHOP-7 PaymentDeclined: The card was declined https://tocsin.example.com/issues/SHOP-7"
        assert [await _line(process) for _ in range(2)] == [told, told]


async def _line(process: asyncio.subprocess.Process) -> str:
    return (await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)).decode().strip()


async def test_python_tries_a_mapping_and_saves_it(served: Served):
    printed = await output(served, sys.executable, str(EXAMPLES / "webhook_mapping.py"))
    assert "ImportFailed" in printed.splitlines()[0]
    assert printed.endswith("STORED\n")
    (issue,) = await issues(served)
    assert (issue["service"], issue["title"]) == ("imports", "ImportFailed: Row 7: no such customer")


async def test_an_sdk_of_sentry_for_python_reports(served: Served):
    await output(served, sys.executable, str(EXAMPLES / "sentry_python.py"))
    (issue,) = await issues(served)
    assert (issue["service"], issue["title"]) == ("checkout", "KeyError: 'SKU-2'")


async def test_an_sdk_of_sentry_for_javascript_reports(served: Served, node: str, tmp_path: Path):
    program = Path(shutil.copy(EXAMPLES / "sentry_node.mjs", tmp_path))
    (tmp_path / "node_modules").symlink_to(installed(node, LOCKED))
    await output(served, node, str(program))
    (issue,) = await issues(served)
    assert (issue["service"], issue["latestEvent"]["exceptions"]) == ("storefront", [{"type": "TypeError"}])


async def test_curl_sends_an_envelope(served: Served):
    assert len(json.loads(await output(served, "sh", str(EXAMPLES / "sentry_envelope.sh")))["id"]) == 32
    (issue,) = await issues(served)
    assert (issue["service"], issue["title"]) == ("checkout", "PaymentDeclined: The card was declined")


async def test_python_asks_page_by_page(served: Served):
    for _ in range(2):
        await output(served, "sh", str(EXAMPLES / "log_an_error.sh"))
    assert "2 PaymentDeclined" in await output(served, sys.executable, str(EXAMPLES / "ask.py"))


async def test_curl_asks(served: Served):
    await output(served, "sh", str(EXAMPLES / "log_an_error.sh"))
    (issue,) = json.loads(await output(served, "sh", str(EXAMPLES / "ask.sh")))["data"]["issues"]["nodes"]
    assert (issue["title"], issue["eventCount"]) == ("PaymentDeclined: The card was declined", 1)


async def test_python_watches_and_goes_on_after_a_break(served: Served):
    await watched_through_a_break(served, sys.executable, str(EXAMPLES / "watch.py"))


async def test_javascript_watches_and_goes_on_after_a_break(served: Served, node: str, tmp_path: Path):
    await watched_through_a_break(served, node, str(with_graphql_ws(tmp_path)))


async def test_curl_watches(served: Served):
    async with running(served, "sh", str(EXAMPLES / "watch.sh")) as process:
        await event(process, "StreamPosition")
        await log(served, "watched by curl")
        assert (await event(process, "ErrorLogged"))["event"]["message"] == "watched by curl"


async def watched_through_a_break(served: Served, *command: str) -> None:
    async with line_to(served.url) as line, running(served, *command, url=line.url) as process:
        await item(process, "StreamPosition")
        await log(served, "before")
        assert (await item(process, "ErrorLogged"))["event"]["message"] == "before"
        line.cut()
        await log(served, "during")
        assert (await item(process, "ErrorLogged"))["event"]["message"] == "during"


async def item(process: asyncio.subprocess.Process, kind: str) -> dict:
    """The next item of that type that it prints."""
    while (printed := await _printed(process, "{"))["__typename"] != kind:
        pass
    return printed


async def event(process: asyncio.subprocess.Process, kind: str) -> dict:
    """The next item of that type that comes as a server-sent event."""
    while (sent := (await _printed(process, "data: "))["data"]["errorLogged"])["__typename"] != kind:
        pass
    return sent


async def _printed(process: asyncio.subprocess.Process, behind: str) -> dict:
    """The JSON of the next line that begins so; a brace is part of it."""
    assert process.stdout is not None
    while text := (await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)).decode():
        if text.startswith(behind):
            return json.loads(text.removeprefix("data: "))
    raise AssertionError("It has ended.")


async def log(served: Served, message: str) -> None:
    document = "mutation($input: LogErrorInput!) { logError(input: $input) { __typename } }"
    error = {"service": "checkout", "errorType": "ValueError", "message": message}
    answer = await served.ask(document, credential=served.credentials.ingest_key, input=error)
    assert answer["data"]["logError"]["__typename"] == "LoggedError"


def with_graphql_ws(directory: Path) -> Path:
    """The example beside the npm package that it imports, which a package of ours brings in its built form."""
    module = directory / "node_modules" / "graphql-ws"
    module.mkdir(parents=True)
    built = package_file(
        "graphene_django_graphiql_static", "static", "graphene_django_graphiql_static", "graphql-ws.min.js"
    )
    shutil.copy(built, module / "graphql-ws.cjs")
    (module / "index.mjs").write_text(SHELL)
    (module / "package.json").write_text('{"name": "graphql-ws", "exports": "./index.mjs"}')
    return Path(shutil.copy(EXAMPLES / "watch.mjs", directory))
