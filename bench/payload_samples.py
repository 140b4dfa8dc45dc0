"""Events to learn from: real ones of Sentry's SDK, raised by small shops whose names differ, and plain ones of others.

Nothing in them is anybody's: names are drawn, and the machine that made them does not show.
"""

import importlib.util
import json
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import django
import flask
import sentry_sdk
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import clear_url_caches, path
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from werkzeug.test import Client

_SYLLABLES = ("an", "be", "cor", "du", "el", "fi", "gra", "ho", "in", "ju", "ka", "lo", "mi", "no", "or", "pa", "qui")
_SOURCE = '''
import logging

logger = logging.getLogger("{service}.{module}")


class {error}(Exception):
    """What {module} cannot do."""


def {inner}({subject}, {number}=0):
    {other} = {{"{word}": {number}, "state": "{state}"}}
    logger.info("{state} %s", {subject})
    if {number} >= 0:
        raise {error}(f"{state} {{{subject}}}: {word}")
    return {other}


class {kind}:
    def __init__(self, {subject}):
        self.{subject} = {subject}

    def {outer}(self):
        for {number} in range(3):
            {inner}(self.{subject}, {number})


def handle({subject}):
    return {kind}({subject}).{outer}()
'''
_OTHERS = (
    ("node_modules/express/lib/router/layer.js", "Layer.handle [as handle_request]", None),
    ("node_modules/express/lib/router/index.js", "next", None),
    ("node:internal/process/task_queues", "process.processTicksAndRejections", None),
    ("DispatcherServlet.java", "doDispatch", "org.springframework.web.servlet.DispatcherServlet"),
    ("ApplicationFilterChain.java", "internalDoFilter", "org.apache.catalina.core.ApplicationFilterChain"),
    ("vendor/laravel/framework/src/Illuminate/Pipeline/Pipeline.php", "Illuminate\\Pipeline\\Pipeline::then", None),
    ("static/js/main.js", "callCallback", None),
)


def sentry_events(random: Random, shops: int, times: int) -> Iterator[dict[str, Any]]:
    """Events as the SDK makes them: of Django, of Flask, and of plain code."""
    caught: list[bytes] = []
    _set_up(caught)
    with tempfile.TemporaryDirectory() as directory:
        for number in range(shops):
            shop = _shop(random, Path(directory), number)
            for call in (_django(shop.handle), _flask(shop.handle), shop.handle):
                for _ in range(times):
                    _report(call, random)
        for event in caught:
            yield _nowhere(event, directory, random)


def plain_reports(random: Random, count: int) -> Iterator[dict[str, Any]]:
    """Reports of the dialects that have no SDK of ours: fields of `LogErrorInput`."""
    for _ in range(count):
        frames = [
            {"function": function, "filename": filename, "line": random.randrange(900), "module": module}
            for filename, function, module in random.sample(_OTHERS, 4)
        ]
        yield {
            "service": "shop",
            "errorType": random.choice(("TypeError", "java.lang.NullPointerException", "RuntimeException")),
            "message": f"{_name(random)} of undefined",
            "exceptions": [{"type": "TypeError", "message": _name(random), "frames": frames}],
            "endpoint": f"POST /{_name(random)}/{random.randrange(10**5)}",
            "user": {"id": str(random.randrange(10**5)), "ipAddress": "192.0.2.7"},
            "tags": [{"key": "country", "value": "DE"}, {"key": _name(random), "value": _name(random)}],
            "request": {"method": "POST", "url": f"https://shop.example/{_name(random)}", "headers": []},
        }


def _report(call: Callable[[str], object], random: Random) -> None:
    with sentry_sdk.isolation_scope():
        _say_more(random)
        try:
            call(f"{_name(random)}-{random.randrange(10**6)}")
        except Exception as error:  # noqa: BLE001 - raising is what it is for
            sentry_sdk.capture_exception(error)


def _set_up(caught: list[bytes]) -> None:
    class Keeping(Transport):
        def capture_envelope(self, envelope: Envelope) -> None:
            caught.extend(item.payload.get_bytes() for item in envelope.items if item.type == "event")

    sentry_sdk.init(
        dsn="http://key@127.0.0.1/1",
        release="shop@1.0.0",
        environment="production",
        send_default_pii=True,
        transport=Keeping,
        server_name="web-1",
    )
    settings.configure(ROOT_URLCONF="shop_urls", SECRET_KEY="none", ALLOWED_HOSTS=["*"], LOGGING_CONFIG=None)
    sys.modules["shop_urls"] = ModuleType("shop_urls")
    django.setup()
    logging.disable(logging.NOTSET)


def _shop(random: Random, directory: Path, number: int) -> ModuleType:
    fields = ("service", "module", "inner", "subject", "number", "other", "word", "state", "outer")
    names = {field: f"{_name(random)}_{_name(random)}" for field in fields}
    source = _SOURCE.format(**names, error=_name(random).title() + "Error", kind=_name(random).title())
    file = directory / f"{names['module']}_{number}.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _django(handle: Callable[[str], object]) -> Callable[[str], object]:
    def view(_request: object, what: str) -> object:
        return handle(what)

    def call(what: str) -> None:
        sys.modules["shop_urls"].urlpatterns = [path("<str:what>", view)]  # type: ignore[attr-defined]
        clear_url_caches()
        Client(get_wsgi_application()).post(f"/{what}?page=2", json={"what": what})

    return call


def _flask(handle: Callable[[str], object]) -> Callable[[str], object]:
    def call(what: str) -> None:
        app = flask.Flask("shop")
        app.add_url_rule("/<what>", view_func=lambda what: {"answer": str(handle(what))}, methods=["POST"])
        with suppress(Exception):
            app.test_client().post(f"/{what}", json={"what": what})

    return call


def _say_more(random: Random) -> None:
    sentry_sdk.set_user({"id": str(random.randrange(10**6)), "email": f"{_name(random)}@example.com"})
    sentry_sdk.set_tag("country", random.choice(("DE", "FR", "US")))
    for _ in range(random.randrange(6)):
        sentry_sdk.add_breadcrumb(category=_name(random), message=_name(random), level="info")
    sentry_sdk.set_context("order", {"id": random.randrange(10**6), "total": random.randrange(10**5)})


def _nowhere(event: bytes, directory: str, random: Random) -> dict[str, Any]:
    """The event as another machine would have made it."""
    text = re.sub(r'"[^" ]*/site-packages/', '"/usr/local/lib/python3.12/site-packages/', event.decode())
    text = text.replace(directory, "/app").replace(sys.executable, "/usr/local/bin/python")
    text = re.sub(
        r"0x[0-9a-f]{8,}", lambda _: f"0x{random.getrandbits(48):012x}", text.replace(str(Path.cwd()), "/app")
    )
    made: dict[str, Any] = json.loads(text)
    names = random.sample(sorted(made["modules"]), len(made["modules"]) // 2)
    made["modules"] = {name: f"{random.randrange(4)}.{random.randrange(30)}.{random.randrange(9)}" for name in names}
    made.get("extra", {}).pop("sys.argv", None)
    return made


def _name(random: Random) -> str:
    return "".join(random.choices(_SYLLABLES, k=3))
