"""Where a bench takes place: real servers, and apps in processes of their own, all on loopback."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil

from core.embedded.postgres import Postgres
from core.embedded.quarters import find_quarters
from core.embedded.valkey import Valkey
from core.settings import ROOT, Settings
from models.migrate import migrate
from resolvers.partitions import make_partitions
from resolvers.resources import open_resources
from resolvers.setup import Credentials, first_setup

_START_S = 30


@dataclass(frozen=True)
class Stage:
    """Stores that run, migrated and set up."""

    settings: Settings
    setup: Credentials
    postgres: Postgres
    valkey: Valkey


@dataclass(frozen=True)
class App:
    """An app in a process of its own."""

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Processor time that it has used so far."""
        return cpu_seconds(self.process)


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time that a process and those it has started, which run, have used so far."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(time.user + time.system for time in times)


@contextmanager
def stage(kept: Path | None = None) -> Iterator[Stage]:
    """Durable stores in a directory of their own, gone at the end of the block; or in one that is kept."""
    directory = kept or Path(tempfile.mkdtemp(prefix="tocsin-bench-"))
    directory.mkdir(exist_ok=True, parents=True)
    directory.chmod(0o711)
    quarters = find_quarters(directory)
    postgres, valkey = Postgres(quarters), Valkey(quarters)
    postgres.start()
    valkey.start()
    try:
        settings = Settings(database_url=postgres.url, redis_url=valkey.url, data_dir=directory, port=0)
        migrate(postgres.url)
        yield Stage(settings, asyncio.run(_set_up(settings)), postgres, valkey)
    finally:
        valkey.stop()
        postgres.stop()
        if kept is None:
            shutil.rmtree(directory)


async def _set_up(settings: Settings) -> Credentials:
    """What the first start shows once, kept for a stage that is come back to."""
    written = settings.data_dir / "credentials.json"
    async with open_resources(settings) as res:
        await make_partitions(res)
        setup = await first_setup(res)
    if setup is None:
        return Credentials(**json.loads(written.read_text()))
    written.write_text(json.dumps(asdict(setup)))
    return setup


class Part:
    """A part of ours in a process of its own, which can be killed, and started again with the same settings.

    `ready` answers over HTTP once it runs; none where it is not waited for. What it prints goes to `log`, else to us.
    """

    def __init__(
        self, stage: Stage, arguments: Sequence[str], *, ready: str = "", log: Path | None = None, **settings: object
    ) -> None:
        self._arguments = arguments
        self._environment = _environment(stage, settings)
        self._ready = ready
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> psutil.Process:
        """The process that it is now."""
        return psutil.Process(self._running.pid)

    @property
    def returncode(self) -> int | None:
        """How it ended, or none while it runs."""
        return self._running.poll()

    def start(self) -> None:
        """Leave it running.

        Raises: RuntimeError where it ends at once.
        """
        command = [sys.executable, "-m", *self._arguments]
        if self._log is None:
            self._child = subprocess.Popen(command, env=self._environment)
        else:
            with self._log.open("ab") as log:
                self._child = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        if self._ready:
            _wait(self._ready, self._child)

    def kill(self) -> None:
        """Leave it dead at once, as a crash would."""
        self._running.kill()
        self._running.wait()

    def stop(self) -> None:
        """Leave it ended in order."""
        self._running.terminate()
        self._running.wait(timeout=_START_S)

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._child is not None
        return self._child


def app_part(
    stage: Stage, factory: str, ready: str, *, log: Path | None = None, **settings: object
) -> tuple[str, Part]:
    """The app of that factory, to be served as the product's own is, with these settings besides; and its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    arguments = ["uvicorn", factory, "--factory", "--port", str(port), "--loop", "uvloop", "--http", "httptools"]
    protocol = "api.wire:SocketProtocol" if factory.startswith("api.") else "websockets-sansio"
    arguments += ["--ws", protocol, "--ws-per-message-deflate", "false", "--no-access-log"]
    url = f"http://127.0.0.1:{port}"
    return url, Part(stage, [*arguments, "--log-level", "warning"], ready=url + ready, log=log, **settings)


def worker_part(stage: Stage, *, log: Path | None = None, **settings: object) -> Part:
    """The product's own worker, to be run with these settings besides the stage's."""
    return Part(stage, ["cli", "worker"], log=log, **settings)


@contextmanager
def app(stage: Stage, factory: str, ready: str, **settings: object) -> Iterator[App]:
    """The app of that factory, served as the product's own is, with these settings besides, within the block."""
    url, part = app_part(stage, factory, ready, **settings)
    with running(part):
        yield App(url, part.process)


@contextmanager
def worker(stage: Stage, **settings: object) -> Iterator[psutil.Process]:
    """The product's own worker, with these settings besides the stage's, within the block."""
    part = worker_part(stage, **settings)
    with running(part):
        yield part.process
        assert part.returncode is None


@contextmanager
def running(*parts: Part) -> Iterator[None]:
    """All of them run within the block."""
    begun: list[Part] = []
    try:
        for part in parts:
            begun.append(part)
            part.start()
        yield
    finally:
        for part in begun:
            part.stop()


def _environment(stage: Stage, settings: dict[str, object]) -> dict[str, str]:
    """The settings of the stage, and these."""
    return {
        **os.environ,  # noqa: TID251 - handed on
        "PYTHONPATH": str(ROOT),
        "TOCSIN_DATABASE_URL": str(stage.settings.database_url),
        "TOCSIN_REDIS_URL": str(stage.settings.redis_url),
        "TOCSIN_DATA_DIR": str(stage.settings.data_dir),
        "TOCSIN_COST_PER_MINUTE": "0",  # one caller asks for all that is measured
        **{f"TOCSIN_{name.upper()}": str(value) for name, value in settings.items()},
    }


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while process.poll() is None:
        try:
            with urlopen(url):
                return
        except OSError as error:
            if getattr(error, "code", None) is not None:
                return
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    raise RuntimeError(f"The app ended with {process.returncode}.")
