"""What CI scripts do with `sentry-cli` as it is, besides uploading maps: releases are registered, and nothing fails."""

import shutil
import subprocess
from pathlib import Path

import pytest

from models import AuditEntry
from tests.scenarios.test_source_maps import PROGRAMS, Shop
from tests.support.npm import installed
from tests.support.rows import all_rows
from tests.support.serving import Served

pytestmark = pytest.mark.timeout(180)
GIT = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"]


@pytest.fixture
async def shop(served: Served, node: str, tmp_path: Path) -> Shop:
    """A program in a repository of two commits."""
    if shutil.which("git") is None:
        pytest.skip("There is no git, of which sentry-cli reads commits.")
    (tmp_path / "node_modules").symlink_to(installed(node, PROGRAMS))
    for command in (["init", "-q"], ["remote", "add", "origin", "https://git.example.com/acme/shop.git"]):
        subprocess.run([*GIT, *command], cwd=tmp_path, check=True)
    for message in ("the first", "a fix"):
        (tmp_path / "app.ts").write_text(message)
        subprocess.run([*GIT, "add", "app.ts"], cwd=tmp_path, check=True)
        subprocess.run([*GIT, "commit", "-qm", message], cwd=tmp_path, check=True)
    return Shop(served, node, tmp_path)


async def test_the_script_of_a_release_goes_through_and_registers_it(shop: Shop):
    to = ("--org", "any", "--project", "default")
    assert "Created release shop@1.2.3+4" in await shop.cli("new", "shop@1.2.3+4", *to, command="releases")
    await shop.cli("new", "shop@1.2.3+4", *to, command="releases")
    assert "Success" in await shop.cli("set-commits", "shop@1.2.3+4", "--auto", *to, command="releases")
    assert "Finalized release" in await shop.cli("finalize", "shop@1.2.3+4", "--org", "any", command="releases")
    assert "Created new deploy" in await shop.cli("new", "-r", "shop@1.2.3+4", "-e", "qa", *to, command="deploys")
    await shop.cli("new", "shop@2", "--finalize", *to, command="releases")
    listed = await shop.cli("list", *to, "--raw", command="releases")
    assert listed.split()[-2:] == ["shop@2", "shop@1.2.3+4"]
    assert "shop@2" in await shop.cli("info", "shop@2", *to, command="releases")
    audited = await all_rows(shop.served.res, AuditEntry, AuditEntry.action == "registerRelease")
    assert [entry.after for entry in audited] == [{"release": "shop@1.2.3+4"}, {"release": "shop@2"}]
