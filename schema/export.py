"""`python -m schema.export`: writes the contract; with `--release` also what the release of this version promises."""

import sys
import tomllib
from pathlib import Path

from schema.release import breaking_changes, with_heading
from schema.root import build_schema

_ROOT = Path(__file__).parent.parent
TARGET = _ROOT / "frontend-contract" / "schema.graphql"
PROMISE = _ROOT / "frontend-contract" / "released.graphql"


def sdl() -> str:
    """The contract in SDL, as it is kept in git."""
    return build_schema().as_str().strip() + "\n"


def version() -> str:
    """The version of this checkout."""
    project: dict[str, str] = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    return project["version"]


def release(contract: str) -> None:
    """Leave the contract promised by this version, unless it breaks the promise of the one before.

    Raises: SystemExit that names what would break.
    """
    broken = breaking_changes(PROMISE.read_text(), contract) if PROMISE.exists() else []
    if broken:
        sys.exit("\n".join(("This breaks clients of the last release; deprecate first:", *broken)))
    PROMISE.write_text(with_heading(contract, version()))


if __name__ == "__main__":
    TARGET.write_text(sdl())
    if "--release" in sys.argv[1:]:
        release(sdl())
