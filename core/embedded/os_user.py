"""As whom servers run when we are root: PostgreSQL refuses root, and Valkey needs none of its powers."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from core.embedded.process import Account, ServerFailed

NAME = "tocsin"
_FALLBACKS = ("nobody", "daemon")
_MAKERS = (
    ("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME),
    ("adduser", "--system", "--no-create-home", NAME),  # Debian
    ("adduser", "-S", "-D", "-H", NAME),  # busybox
)


def find_account() -> Account:
    """Hand back an account without privileges, made for us where that can be done.

    Raises: ServerFailed when there is none and none can be made.
    """
    account = _known(NAME) or _made()
    for name in _FALLBACKS:
        account = account or _known(name)
    if account is None:
        raise ServerFailed(
            f"We run as root, and PostgreSQL does not. Make an account for it (useradd --system {NAME}), "
            "or run Tocsin as an ordinary user."
        )
    return account


def owner(path: Path) -> Account | None:
    """Hand back whose the file or directory is; none when it is root's, or not there."""
    if not path.exists():
        return None
    stat = path.stat()
    if stat.st_uid == 0:
        return None
    try:
        name = pwd.getpwuid(stat.st_uid).pw_name
    except KeyError:
        name = str(stat.st_uid)
    return Account(name, stat.st_uid, stat.st_gid)


def can_enter(account: Account, directory: Path) -> bool:
    """Say whether the account reaches the directory, by trying it: access lists count as well as modes."""
    tried = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return tried.returncode == 0


def make_directory(path: Path, account: Account | None, mode: int = 0o700) -> None:
    """Make the directory with that owner and mode; one that is there stays as it is."""
    if path.is_dir():
        return
    path.mkdir()
    path.chmod(mode)
    if account:
        os.chown(path, account.uid, account.gid)


def _known(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def _made() -> Account | None:
    for maker in _MAKERS:
        if shutil.which(maker[0]):
            null = subprocess.DEVNULL
            subprocess.run(maker, stdout=null, stderr=null, check=False)
            # Asked for by name, as another process may have made it meanwhile.
            if account := _known(NAME):
                return account
    return None
