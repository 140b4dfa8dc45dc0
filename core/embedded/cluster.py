"""What a PostgreSQL server keeps on disk: how it is made, and how its owner gets in."""

import json
import os
import secrets
import shutil
from pathlib import Path

from core.embedded.lock import take_lock
from core.embedded.os_user import make_directory
from core.embedded.process import Account, Program, ServerFailed, run
from core.embedded.quarters import Quarters

MAJOR = "18"
ROLE = DATABASE = "tocsin"
ADMIN = "postgres"
_LOCK = "lock"
_FORMER_S = 15.0
QUICK_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off"}
# Written once into postgresql.conf, where who runs the installation may change them.
_TUNABLE = {
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


def make_cluster(root: Path, quarters: Quarters, *, durable: bool) -> None:
    """Leave `root` with `data/`, which holds the product's role and database, and `passwords.json`.

    Made beside its place and moved there when whole, so that a crash leaves nothing half made there.

    Raises: ServerFailed.
    """
    new = root.with_name(f"{root.name}.new")
    if new.exists():
        _remove(new)
    make_directory(new, quarters.account)
    lock = _take_lock(new)
    try:
        passwords = {ADMIN: secrets.token_urlsafe(24), ROLE: secrets.token_urlsafe(24)}
        _write_secret(new / "passwords.json", json.dumps(passwords), quarters.account)
        _initdb(new, quarters, passwords[ADMIN], lock, durable=durable)
        _make_database(new, quarters, passwords[ROLE], lock, durable=durable)
        (new / _LOCK).unlink()
        new.rename(root)
    finally:
        os.close(lock)


def read_passwords(root: Path) -> dict[str, str]:
    """Hand back the password of each role."""
    passwords: dict[str, str] = json.loads((root / "passwords.json").read_text())
    return passwords


def check_major(data: Path) -> None:
    """Say nothing where our version made the data.

    Raises: ServerFailed that names both versions.
    """
    found = (data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise ServerFailed(
            f"The data in {data} was made by PostgreSQL {found}, and PostgreSQL {MAJOR} cannot read it. Dump it with "
            f"PostgreSQL {found} and restore it into a new TOCSIN_DATA_DIR, or set TOCSIN_DATABASE_URL."
        )


def options(flag: str, values: dict[str, str]) -> list[str]:
    """Hand back the settings as arguments."""
    return [part for name, value in values.items() for part in (flag, f"{name}={value}")]


def _remove(new: Path) -> None:
    """Leave nothing of what an interrupted start left, once the last program that writes there has ended.

    Raises: ServerFailed.
    """
    try:
        lock = _take_lock(new)
        try:
            shutil.rmtree(new)
        finally:
            os.close(lock)
    except OSError as error:
        raise ServerFailed(
            f"What an interrupted start left in {new} cannot be removed ({error.strerror}): remove that directory."
        ) from None


def _take_lock(new: Path) -> int:
    """A lock that the programs hold too: each of them may outlive who started it."""
    lock = take_lock(new / _LOCK, _FORMER_S)
    if lock is None:
        raise ServerFailed(f"Another start still makes PostgreSQL's data in {new}: try again when it has ended.")
    return lock


def _initdb(new: Path, quarters: Quarters, password: str, lock: int, *, durable: bool) -> None:
    _write_secret(new / "admin", password, quarters.account)
    argv = [str(quarters.postgres_programs / "initdb"), "--pgdata", str(new / "data"), "--username", ADMIN]
    argv += ["--auth", "scram-sha-256", "--pwfile", str(new / "admin"), "--no-locale", "--encoding", "UTF8"]
    argv += [] if durable else ["--no-sync"]
    run("initdb", _program(new, quarters, [*argv, *options("--set", _TUNABLE)], lock))
    (new / "admin").unlink()


def _make_database(new: Path, quarters: Quarters, password: str, lock: int, *, durable: bool) -> None:
    """Make role and database in single-user mode: nobody else can connect meanwhile, and no client is needed."""
    statements = (
        f"CREATE ROLE {ROLE} LOGIN PASSWORD '{password}' IN ROLE pg_monitor;\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n"
    )
    argv = [str(quarters.postgres_programs / "postgres"), "--single", "-D", str(new / "data")]
    argv += options("-c", {"exit_on_error": "on", **({} if durable else QUICK_AND_FORGETFUL)})
    run("Making the database", _program(new, quarters, [*argv, ADMIN], lock, statements))


def _program(new: Path, quarters: Quarters, argv: list[str], lock: int, text: str = "") -> Program:
    log = quarters.logs / "postgresql.log"
    return Program(argv, cwd=new, log=log, account=quarters.account, input=text.encode(), keep_open=(lock,))


def _write_secret(path: Path, text: str, account: Account | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    if account:
        os.chown(path, account.uid, account.gid)
