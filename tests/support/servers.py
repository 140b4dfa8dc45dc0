"""One PostgreSQL and one Valkey for tests, real ones, that end with the test process."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.embedded.cluster import ROLE
from core.embedded.postgres import Postgres
from core.embedded.quarters import find_quarters
from core.embedded.valkey import Valkey

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Servers:
    """Running servers: `database_url` is for a role that owns its database and may create others."""

    postgres: Postgres
    valkey: Valkey
    directory: Path
    is_ours: bool

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        return self.valkey.url

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()
        if self.is_ours:
            shutil.rmtree(self.directory)


def start_servers(directory: Path | None = None, *, durable: bool = False) -> Servers:
    """Start both, in a directory of their own unless one is given. Without `durable` a power cut would lose data.

    Give a directory only where every user can enter: as root, the servers run as another one.
    """
    running = _start(directory or _new_directory(durable=durable), is_ours=directory is None, durable=durable)
    _make_role_fit(running.postgres)
    return running


def start_copy(made: Path) -> Servers:
    """Start both over a copy of what others left in that directory: to make it anew takes a second of a core."""
    directory = _new_directory(durable=False)
    subprocess.run(["cp", "-a", f"{made}/.", directory], check=True, env={"PATH": os.defpath})
    return _start(directory, is_ours=True, durable=False)


def _start(directory: Path, *, is_ours: bool, durable: bool) -> Servers:
    quarters = find_quarters(directory)
    postgres, valkey = Postgres(quarters, durable=durable), Valkey(quarters)
    postgres.start()
    valkey.start()
    return Servers(postgres, valkey, directory, is_ours)


def _new_directory(*, durable: bool) -> Path:
    directory = Path(tempfile.mkdtemp(prefix="tocsin-test-", dir=None if durable else _memory()))
    directory.chmod(0o711)
    return directory


def _memory() -> Path | None:
    """Where files are kept in memory, if there is room for the servers of several processes.

    Each test makes and drops a database of 700 files, which takes from three to thirty times as long on a disk:
    some file systems pass over all that was removed lately when they make a file.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES:
        return _MEMORY
    return None


def _make_role_fit(postgres: Postgres) -> None:
    """Let the role make databases, and whoever connects hash its password once, as long as it is, and not 4,096 times.

    That takes 2 ms of a core, and an API that is served connects a dozen times. The number is kept with the password:
    https://www.postgresql.org/docs/18/runtime-config-connection.html (scram_iterations).
    """
    password = urlsplit(postgres.url).password
    sql = f"ALTER ROLE {ROLE} CREATEDB; SET scram_iterations = 1; ALTER ROLE {ROLE} PASSWORD '{password}'"
    subprocess.run(
        [
            postgres._quarters.postgres_programs / "psql",
            "--no-psqlrc",
            "-q",
            "--set=ON_ERROR_STOP=1",
            postgres.admin_url,
        ],
        input=sql,
        text=True,
        check=True,
        env={"PATH": os.defpath, "LC_ALL": "C"},
    )
