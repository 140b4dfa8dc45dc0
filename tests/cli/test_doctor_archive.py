"""What `tocsin doctor` says of the archive."""

from pathlib import Path

from cli.checks.archive import check_archive
from core.settings import Settings
from resolvers.archive.place import place
from resolvers.resources import Resources


def test_nothing_is_said_where_none_is_wanted():
    assert list(check_archive(Settings())) == []


def test_one_that_works_is_found_good_and_left_as_it_was(archiving: Resources):
    (finding,) = check_archive(archiving.settings)
    assert (finding.level, finding.subject) == ("ok", "Archive")
    assert place(archiving).list() == []


def test_one_that_cannot_be_written_fails(tmp_path: Path):
    (tmp_path / "archive").write_text("no directory")
    (finding,) = check_archive(Settings(archive=str(tmp_path / "archive")))
    assert finding.level == "FAIL"
    (finding,) = check_archive(Settings(archive="s3://none/at-all?region=x&endpoint=http://127.0.0.1:1"))
    assert finding.level == "FAIL"
