"""PostgreSQL as a child of this process: started, watched and stopped."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from core.embedded.cluster import (
    ADMIN,
    DATABASE,
    QUICK_AND_FORGETFUL,
    ROLE,
    check_major,
    make_cluster,
    options,
    read_passwords,
)
from core.embedded.os_user import make_directory
from core.embedded.process import Child, Program, ServerFailed, Stop, tail
from core.embedded.quarters import Quarters

_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_BYTES = 107  # sun_path of <sys/un.h>, without its closing zero
_READY_LINE = 7  # of postmaster.pid, as pg_ctl reads it
_START_S, _FORMER_S, _RETRY_S, _LOOK_S = 60.0, 15.0, 5.0, 0.02
_STOPS = (Stop(signal.SIGINT, 30), Stop(signal.SIGQUIT, 5))  # fast, then immediate shutdown


class Postgres:
    """The PostgreSQL of one data directory.

    Attributes: `url` for the product's own role, which owns the database; `admin_url` for the superuser. Both go
    through a Unix socket in a directory that only we can enter.
    """

    name = "postgresql"

    def __init__(self, quarters: Quarters, *, durable: bool = True) -> None:
        self._quarters = quarters
        self._durable = durable
        self._root = quarters.home / "postgres"
        self._data = self._root / "data"
        self._sockets: Path | None = None
        self._child: Child | None = None
        self.log = quarters.logs / "postgresql.log"
        self.url = self.admin_url = ""

    @property
    def pid(self) -> int:
        """The process id of the server."""
        assert self._child is not None
        return self._child.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, or none while it runs."""
        assert self._child is not None
        return self._child.returncode

    def start(self) -> None:
        """Leave the server accepting connections; a first start makes the data.

        Raises: ServerFailed.
        """
        if not self._root.exists():
            make_cluster(self._root, self._quarters, durable=self._durable)
        check_major(self._data)
        self._wait_for_former()
        self._set_urls()
        until = time.monotonic() + _RETRY_S
        while not self._try_start():
            # The shared memory of a killed server goes with the last of its processes, moments later.
            if time.monotonic() > until:
                raise ServerFailed(f"PostgreSQL does not start; the end of {self.log}:\n{tail(self.log)}")
            time.sleep(_LOOK_S * 10)

    def stop(self) -> None:
        """Leave the server shut down in order, its data on disk."""
        if self._child:
            self._child.stop(_STOPS)
            self._child = None
        if self._sockets and self._sockets.parent != self._root:
            shutil.rmtree(self._sockets)
        self._sockets = None

    def kill(self) -> None:
        """Leave the server dead at once, as a crash would."""
        if self._child:
            self._child.kill()

    def _try_start(self) -> bool:
        size = self.log.stat().st_size if self.log.exists() else 0
        self._child = Child(self._as_program())
        until = time.monotonic() + _START_S
        while self._child.returncode is None:
            if self._is_ready():
                return True
            if time.monotonic() > until:
                self._child.stop(_STOPS)
                raise ServerFailed(f"PostgreSQL is not ready after {_START_S:.0f} s:\n{tail(self.log, size)}")
            time.sleep(_LOOK_S)
        return False

    def _as_program(self) -> Program:
        fixed = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self._sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            **({} if self._durable else QUICK_AND_FORGETFUL),
        }
        return Program(
            [str(self._quarters.postgres_programs / "postgres"), "-D", str(self._data), *options("-c", fixed)],
            cwd=self._root,
            log=self.log,
            account=self._quarters.account,
            death_signal=signal.SIGINT,
        )

    def _is_ready(self) -> bool:
        lines = self._pid_file()
        return len(lines) > _READY_LINE and lines[0] == str(self.pid) and lines[_READY_LINE].strip() == "ready"

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _wait_for_former(self) -> None:
        """Wait for a server that a former run left behind: it is ending, unless something keeps it."""
        until = time.monotonic() + _FORMER_S
        while pid := self._former():
            if time.monotonic() > until:
                raise ServerFailed(
                    f"Another PostgreSQL (process {pid}) still runs on {self._root}: stop it with kill -INT {pid}."
                )
            time.sleep(_LOOK_S)

    def _former(self) -> int | None:
        """The process that the data says it is held by, if that is so: ids are used again."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            holds = process.name() == "postgres" and Path(process.cwd()) == self._data.resolve()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return process.pid if holds else None

    def _set_urls(self) -> None:
        if self._sockets is None:
            self._sockets = self._socket_directory()
        passwords = read_passwords(self._root)
        host = quote(str(self._sockets))
        self.url = f"postgresql://{ROLE}:{passwords[ROLE]}@/{DATABASE}?host={host}"
        self.admin_url = f"postgresql://{ADMIN}:{passwords[ADMIN]}@/{DATABASE}?host={host}"

    def _socket_directory(self) -> Path:
        """Inside the data where the path is fit for a socket, else in /tmp. Clients take a comma for a second host."""
        path, account = self._root / "run", self._quarters.account
        if len(os.fsencode(path / _SOCKET)) <= _SOCKET_PATH_BYTES and not set(str(path)) & set(',"'):
            make_directory(path, account)
            return path
        path = Path(tempfile.mkdtemp(prefix="tocsin-", dir="/tmp"))  # mode 0700, and a name never used before
        if account:
            os.chown(path, account.uid, account.gid)
        return path
