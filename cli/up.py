"""`tocsin up`: everything from one command, on one machine."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from cli.banner import banner
from cli.configuration import read_settings
from cli.installation import Lock, Running, find_credentials, hold
from cli.logs import trim
from cli.part import CommandPart, command_line, environment_with
from cli.problem import Problem
from cli.supervisor import Supervisor
from core.embedded.os_user import make_directory
from core.embedded.postgres import Postgres
from core.embedded.process import Child, Program, ServerFailed, tail
from core.embedded.quarters import Quarters, find_quarters
from core.embedded.valkey import Valkey
from core.settings import Settings

_BACKLOG = 2048
_READY_S, _LOOK_S, _TRIM_EVERY_S = 60.0, 0.1, 60.0
_AFTER_DRAIN_S = 10.0
_HTTP_OK = 200


def main() -> None:
    """Run Tocsin with all its parts, until Ctrl-C."""
    settings = read_settings()
    supervisor = Supervisor(say)
    _stop_on_signals()
    with hold(settings.data_dir) as lock:
        try:
            _run(settings, lock, supervisor)
        except KeyboardInterrupt:
            say("Stopping …")
        finally:
            _ignore_signals()
            supervisor.stop()
    say("Stopped. The data is kept.")


def say(line: str) -> None:
    """Tell whoever started us; nobody may be listening any more."""
    with suppress(OSError):
        print(line, flush=True)


def _run(settings: Settings, lock: Lock, supervisor: Supervisor) -> None:
    with _listening(settings) as listener:
        port = listener.getsockname()[1]
        settings = settings.model_copy(update={"port": port})
        logs = settings.data_dir / "log"
        make_directory(logs, None)
        running = _start_stores(settings, supervisor)
        lock.tell(running)
        api = _start_processes(settings, running, listener.fileno(), supervisor)
        where = _reachable(listener)
        _wait_ready(api, where)
        credentials = find_credentials(settings.data_dir, settings.base_url)
        say(banner(settings, credentials, has_valkey=not settings.redis_url or _has_valkey(where)))
        _watch(supervisor, logs)


def _start_processes(settings: Settings, running: Running, fd: int, supervisor: Supervisor) -> CommandPart:
    """Start worker and API while the database is brought up to date, for which they wait; hand back the API."""
    logs, environment = settings.data_dir / "log", _environment(settings, running)
    say("Bringing the database up to date …")
    log = logs / "migrate.log"
    size = log.stat().st_size if log.exists() else 0
    migration = Child(Program(command_line("migrate"), settings.data_dir, log, environment))
    within_s = settings.drain_s + _AFTER_DRAIN_S
    api = CommandPart("api", f"--fd={fd}", logs=logs, environment=environment, within_s=within_s, keep_open=(fd,))
    try:
        supervisor.start(CommandPart("worker", logs=logs, environment=environment, within_s=within_s))
        supervisor.start(api)
        if migration.wait():
            raise ServerFailed(f"tocsin migrate failed: {tail(log, size)}")
    finally:
        migration.kill()
    return api


def _start_stores(settings: Settings, supervisor: Supervisor) -> Running:
    """Start what is embedded, and hand back where the stores are."""
    database_url, redis_url = settings.database_url, settings.redis_url
    if not (database_url and redis_url):
        quarters = _quarters(settings.data_dir)
        if not database_url:
            say("Starting PostgreSQL …")
            postgres = Postgres(quarters)
            supervisor.start(postgres)
            database_url = postgres.url
        if not redis_url:
            say("Starting Valkey …")
            valkey = Valkey(quarters)
            supervisor.start(valkey)
            redis_url = valkey.url
    return Running(os.getpid(), settings.base_url, database_url, redis_url)


def _quarters(data_dir: Path) -> Quarters:
    try:
        quarters = find_quarters(data_dir)
    except OSError as error:
        raise Problem(f"The embedded servers have no place: {error}. Set another TOCSIN_DATA_DIR.") from None
    for note in quarters.notes:
        say(f"Note: {note}")
    return quarters


def _environment(settings: Settings, running: Running) -> dict[str, str]:
    return environment_with(
        {
            "TOCSIN_DATA_DIR": str(settings.data_dir),
            "TOCSIN_PORT": str(settings.port),
            "TOCSIN_DATABASE_URL": running.database_url,
            "TOCSIN_REDIS_URL": running.redis_url,
        }
    )


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket that the API is given: it stays when the API crashes, and callers wait in its queue meanwhile."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        raise Problem(
            f"Cannot listen on {settings.host} port {settings.port} ({_why_not(error)}): "
            "set TOCSIN_PORT to a free port (0 takes one), or TOCSIN_HOST."
        ) from None
    # Closed before the API is asked to stop, so that from then on callers are refused rather than left waiting.
    with listener:
        yield listener


def _why_not(error: OSError | UnicodeError) -> str:
    """The reason alone: `create_server` adds the address to it, which has been said."""
    if isinstance(error, UnicodeError):
        return "no host has such a name"
    return (error.strerror or str(error)).partition(" (while attempting")[0]


def _reachable(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - every address: ours among them


def _wait_ready(api: CommandPart, where: tuple[str, int]) -> None:
    until = time.monotonic() + _READY_S
    while _ask(where, "/health/readiness")[0] != _HTTP_OK:
        if api.returncode is not None:
            raise ServerFailed(f"The API does not start; the end of {api.log}:\n{tail(api.log)}")
        if time.monotonic() > until:
            raise ServerFailed(f"The API is not ready after {_READY_S:.0f} s; the end of {api.log}:\n{tail(api.log)}")
        time.sleep(_LOOK_S)


def _has_valkey(where: tuple[str, int]) -> bool:
    """Whether Valkey answers, which nothing waits for: all works without it, only later."""
    status, body = _ask(where, "/health/")
    return status != _HTTP_OK or json.loads(body)["parts"]["valkey"] == "ok"


def _ask(where: tuple[str, int], path: str) -> tuple[int, bytes]:
    """What the API answers; 0 when it does not."""
    connection = HTTPConnection(*where, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()


def _watch(supervisor: Supervisor, logs: Path) -> None:
    trim_at = 0.0
    while True:
        supervisor.look()
        if time.monotonic() >= trim_at:
            trim(logs)
            trim_at = time.monotonic() + _TRIM_EVERY_S
        time.sleep(_LOOK_S)


def _stop_on_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
        signal.signal(signal.SIGHUP, _stop)


def _stop(*_: object) -> None:
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    """One stop is enough: who signals a whole group, or presses twice, would cut it short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
