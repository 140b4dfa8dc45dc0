"""What is kept in the data directory besides the servers' data: who runs here, and the first credentials."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli.problem import Problem
from core.disk import sync

_PRIVATE = 0o600


@dataclass(frozen=True)
class Running:
    """A Tocsin that runs on this data directory."""

    pid: int
    url: str
    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Credentials:
    """How to reach an installation. `dsn` is the address of its first project, for SDKs."""

    graphql_url: str
    ws_url: str
    token: str
    ingest_key: str
    dsn: str


class Lock:
    """The right to run on a data directory, held as long as the process lives."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def tell(self, running: Running) -> None:
        """Let other commands know how to reach us."""
        text = json.dumps(asdict(running)).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)


@contextmanager
def hold(data_dir: Path) -> Iterator[Lock]:
    """Hold the data directory for this process alone within the block, making it if need be.

    Raises: Problem when it cannot be written, or another holds it.
    """
    make_data_dir(data_dir)
    try:
        descriptor = os.open(_lock_path(data_dir), os.O_RDWR | os.O_CREAT, _PRIVATE)
    except OSError as error:
        raise _unwritable(data_dir, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        yield Lock(descriptor)
    except BlockingIOError:
        raise Problem(_already_running(data_dir)) from None
    finally:
        os.close(descriptor)


def find_running(data_dir: Path) -> Running | None:
    """Hand back the Tocsin that runs on the data directory; none when none does, or it is still starting.

    Raises: Problem when it belongs to somebody else.
    """
    try:
        descriptor = os.open(_lock_path(data_dir), os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise Problem(f"The Tocsin in {data_dir} belongs to another user.") from None
    with os.fdopen(descriptor) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = file.read()
            return Running(**json.loads(text)) if text else None
    return None


def make_data_dir(data_dir: Path) -> None:
    """Leave the data directory there, and written to.

    Raises: Problem when it cannot be.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            return
    except OSError as error:
        raise _unwritable(data_dir, error) from None


def credentials_path(data_dir: Path) -> Path:
    """Hand back where the credentials are kept."""
    return data_dir / "credentials.json"


def write_credentials(data_dir: Path, credentials: Credentials) -> None:
    """Leave the credentials on the disk where only our user can read them, whole or not at all, in place of older ones.

    Raises: Problem when they cannot be written.
    """
    path = credentials_path(data_dir)
    new = path.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(credentials), file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(descriptor)
        new.replace(path)
        sync(data_dir)
    except OSError as error:
        raise _unwritable(data_dir, error) from None


def read_credentials(data_dir: Path, base_url: str) -> Credentials:
    """Hand back the credentials, with the addresses that hold now.

    Raises: Problem when there are none.
    """
    credentials = find_credentials(data_dir, base_url)
    if credentials is None:
        raise Problem(f"There are no credentials in {data_dir}: the first start (make run) makes them.")
    return credentials


def find_credentials(data_dir: Path, base_url: str) -> Credentials | None:
    """Hand back the credentials, with the addresses that hold now; none when the set-up was made elsewhere.

    Raises: Problem when they are somebody else's.
    """
    path = credentials_path(data_dir)
    try:
        kept: dict[str, Any] = json.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise Problem(f"{path} belongs to another user.") from None
    number = int(kept["dsn"].rsplit("/", 1)[1])
    return credentials_at(base_url, token=kept["token"], ingest_key=kept["ingest_key"], project_number=number)


def credentials_at(base_url: str, *, token: str, ingest_key: str, project_number: int) -> Credentials:
    """Hand back credentials for the installation at that address."""
    scheme, rest = base_url.split("://", 1)
    return Credentials(
        graphql_url=f"{base_url}/graphql",
        ws_url=f"{'wss' if scheme == 'https' else 'ws'}://{rest}/graphql",
        token=token,
        ingest_key=ingest_key,
        dsn=f"{scheme}://{ingest_key}@{rest}/{project_number}",
    )


def _lock_path(data_dir: Path) -> Path:
    return data_dir / "tocsin.lock"


def _unwritable(data_dir: Path, error: OSError) -> Problem:
    if isinstance(error, FileExistsError) and data_dir.is_file():
        return Problem(f"The data directory {data_dir} is a file: set TOCSIN_DATA_DIR to a directory.")
    reason = error.strerror or str(error)
    return Problem(f"The data directory {data_dir} cannot be written ({reason}): set TOCSIN_DATA_DIR to one that can.")


def _already_running(data_dir: Path) -> str:
    running = find_running(data_dir)
    where = f"at {running.url} (process {running.pid})" if running else "and is still starting"
    return f"Tocsin already runs on {data_dir}, {where}. Stop it first, or set another TOCSIN_DATA_DIR and TOCSIN_PORT."
