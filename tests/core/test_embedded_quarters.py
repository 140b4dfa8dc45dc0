import os
import shutil

import pytest

from core.embedded import os_user, quarters
from core.embedded.process import ServerFailed
from core.embedded.quarters import find_quarters
from tests.support.places import open_directory

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands servers to another account")


@pytest.fixture
def directory():
    with open_directory() as directory:
        yield directory


@pytest.fixture
def closed(directory):
    """A data directory below one that nobody else may enter."""
    above = directory / "closed"
    above.mkdir(mode=0o700)
    data_dir = above / "data"
    yield data_dir
    elsewhere = find_quarters(data_dir).home
    if elsewhere != data_dir:
        shutil.rmtree(elsewhere)


def test_every_program_can_be_run_by_who_runs_it(directory):
    found = find_quarters(directory)
    for program in (found.postgres_programs / "postgres", found.postgres_programs / "initdb", found.valkey_program):
        assert os.access(program, os.X_OK)
        if found.account:
            assert os_user.can_enter(found.account, program.parent)


def test_the_data_stays_in_a_data_directory_within_reach(directory):
    found = find_quarters(directory / "new")
    assert found.home == directory / "new"
    assert found.notes == ()


@as_root
def test_root_hands_the_servers_to_an_account_without_privileges(directory):
    found = find_quarters(directory)
    assert found.account is not None
    assert found.account.uid != 0


@as_root
def test_data_out_of_reach_is_kept_elsewhere_and_that_is_said(closed):
    found = find_quarters(closed)
    assert found.home.parent == quarters.SHARED
    assert str(found.home) in found.notes[0]
    assert (found.home / "origin").read_text().strip() == str(closed)


@as_root
def test_no_directory_that_is_there_changes_its_mode(closed):
    above = (closed.parent, closed.parent.parent)
    before = [path.stat().st_mode for path in above]
    find_quarters(closed)
    assert [path.stat().st_mode for path in above] == before


@as_root
def test_data_kept_elsewhere_stays_there_when_the_way_opens(closed):
    elsewhere = find_quarters(closed).home
    (elsewhere / "postgres").mkdir()
    closed.parent.chmod(0o755)
    assert find_quarters(closed).home == elsewhere


@as_root
def test_the_data_of_an_ordinary_user_is_served_as_that_user(directory):
    (directory / "postgres").mkdir()
    os.chown(directory / "postgres", 12345, 12345)
    assert find_quarters(directory).account == os_user.Account("12345", 12345, 12345)


@as_root
def test_data_that_its_owner_cannot_reach_any_more_is_not_passed_over(directory):
    data_dir = directory / "var"
    (data_dir / "postgres").mkdir(parents=True)
    os.chown(data_dir / "postgres", 12345, 12345)
    data_dir.chmod(0o700)
    with pytest.raises(ServerFailed, match="12345, whose data is in"):
        find_quarters(data_dir)


def test_a_directory_that_is_there_stays_as_it_is(tmp_path):
    path = tmp_path / "there"
    path.mkdir()
    path.chmod(0o750)
    os_user.make_directory(path, None)
    assert path.stat().st_mode & 0o777 == 0o750


def test_a_new_directory_is_private_whatever_the_mask(tmp_path):
    before = os.umask(0)
    try:
        os_user.make_directory(tmp_path / "new", None)
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
