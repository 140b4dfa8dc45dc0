"""What is installed is what was pinned, today and when newer releases are out."""

import re
import tomllib
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
APPRISE = RUNTIME + PROJECT["project"]["optional-dependencies"]["apprise"]
PIN = re.compile(r"^([a-z0-9-]+)==\S+(?: ;.*)? \\$", re.MULTILINE)


@pytest.mark.parametrize("path", ["bin/prepare", "Dockerfile"])
def test_the_installer_decides_nothing(path):
    # Left to resolve, pip may take a newer release than the pinned one for a package that another asks with an extra,
    # and then refuses it for want of a hash: what installed yesterday fails today.
    (line,) = [line for line in (ROOT / path).read_text().splitlines() if "pip install" in line and "-r" in line]
    assert "--require-hashes --no-deps " in line


@pytest.mark.parametrize(
    ("name", "asked"),
    [("runtime", RUNTIME), ("apprise", APPRISE), ("dev", APPRISE + PROJECT["dependency-groups"]["dev"])],
)
def test_everything_that_is_needed_is_pinned(name, asked):
    pinned = set(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text()))
    assert _needed(asked) - pinned == set()


@pytest.mark.parametrize(("less", "more"), [("runtime", "apprise"), ("apprise", "dev")])
def test_what_holds_more_pins_the_rest_alike(less, more):
    def pins(name):
        return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE))

    assert pins(less) - pins(more) == set()


@pytest.mark.parametrize("name", ["runtime", "apprise", "dev"])
def test_pins_name_no_host(name):
    assert "://" not in (ROOT / "requirements" / f"{name}.txt").read_text()


def _needed(asked: list[str]) -> set[str]:
    """The names of all that these requirements ask for here, as the metadata of the installed packages say."""
    waiting, seen = [(Requirement(text), "") for text in asked], set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in {"", *requirement.extras}:
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(text), wanted) for text in requires(name) or ()]
    return {name for name, _ in seen}
