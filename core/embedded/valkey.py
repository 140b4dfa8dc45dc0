"""Valkey as a child of this process: started, watched and stopped."""

import os
import random
import secrets
import signal
import socket
import time

from core.embedded.lock import take_lock
from core.embedded.os_user import make_directory
from core.embedded.process import Child, Program, ServerFailed, Stop, tail
from core.embedded.quarters import Quarters

_HOST = "127.0.0.1"
# Below the ports that systems lend to outgoing connections: ours stays free while the server restarts.
_PORTS = range(20_000, 30_000)
_START_S, _FORMER_S, _LOOK_S = 60.0, 15.0, 0.02
_STOPS = (Stop(signal.SIGTERM, 30),)
_REPLY_BYTES = 256


class Valkey:
    """The Valkey of one data directory: every write goes to its append-only file, flushed to disk each second.

    Attribute: `url`, the same over restarts of this object's server.
    """

    name = "valkey"

    def __init__(self, quarters: Quarters) -> None:
        self._quarters = quarters
        self._directory = quarters.home / "valkey"
        self._password = secrets.token_urlsafe(24)
        self._port = 0
        self._child: Child | None = None
        self.log = quarters.logs / "valkey.log"
        self.url = ""

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
        """Leave the server answering, with what it kept loaded.

        Raises: ServerFailed.
        """
        make_directory(self._directory, self._quarters.account)
        self._port = self._port or _free_port()
        self.url = f"redis://:{self._password}@{_HOST}:{self._port}/0"
        size = self.log.stat().st_size if self.log.exists() else 0
        lock = self._take_lock()
        try:
            self._child = Child(self._as_program(lock))
        finally:
            os.close(lock)
        self._wait_ready(size)

    def stop(self) -> None:
        """Leave the server shut down in order, its data on disk."""
        if self._child:
            self._child.stop(_STOPS)
            self._child = None

    def kill(self) -> None:
        """Leave the server dead at once, as a crash would."""
        if self._child:
            self._child.kill()

    def _as_program(self, lock: int) -> Program:
        return Program(
            # The configuration goes by standard input: arguments can be read by every user of the machine.
            [str(self._quarters.valkey_program), "-"],
            cwd=self._directory,
            log=self.log,
            account=self._quarters.account,
            input=self._configuration().encode(),
            keep_open=(lock,),
        )

    def _configuration(self) -> str:
        lines = {
            "bind": _HOST,
            "port": str(self._port),
            "requirepass": self._password,
            "dir": ".",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _take_lock(self) -> int:
        """A lock that the server holds for us as long as it lives: two of them would spoil the append-only file."""
        lock = take_lock(self._directory / "lock", _FORMER_S)
        if lock is None:
            raise ServerFailed(f"Another Valkey still writes to {self._directory}: stop it first.")
        return lock

    def _wait_ready(self, size: int) -> None:
        assert self._child is not None
        until = time.monotonic() + _START_S
        while self._child.returncode is None and time.monotonic() < until:
            if self._answers():
                return
            time.sleep(_LOOK_S)
        self._child.stop(_STOPS)
        raise ServerFailed(f"Valkey does not start; the end of {self.log}:\n{tail(self.log, size)}")

    def _answers(self) -> bool:
        """Whether it says PONG: while it loads its data it answers LOADING."""
        try:
            with socket.create_connection((_HOST, self._port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                reply = b""
                while part := connection.recv(_REPLY_BYTES):
                    reply += part
                return b"+PONG" in reply
        except OSError:
            return False


def _free_port() -> int:
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return port
    raise ServerFailed("No port is free for Valkey.")
