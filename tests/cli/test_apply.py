"""`tocsin apply`, as a person runs it."""

import pytest

from cli.document import read_document
from cli.problem import Problem
from core.settings import ROOT
from models import AlertRule
from resolvers.resources import Resources
from tests.support.rows import all_rows
from tests.support.running import again, tocsin

EXAMPLE = ROOT / "examples" / "oncall.yaml"


async def test_a_plan_is_shown_then_done_and_then_there_is_nothing_to_do(res: Resources, database_url, redis_url):
    stores = {"database_url": database_url, "redis_url": redis_url}
    shown = tocsin("apply", str(EXAMPLE), "--plan", **stores)
    assert (shown.returncode, shown.stderr) == (2, "")
    assert "+ schedule Checkout\n    timezone: Europe/Berlin\n" in shown.stdout
    assert "targets schedule Checkout" in shown.stdout
    assert "+ template EMAIL of ALERT in shop\n    subject: {{ service }} burns" in shown.stdout
    assert "    text: {{ title }}, seen {{ events }} times.\n      What to do: https" in shown.stdout
    critical = "(severity CRITICAL, acknowledge within 15 min, resolve within 4 h, warn at 0.8)"
    assert f"~ response targets of all projects\n    targets: none → {critical}\n" in shown.stdout
    # The override of the example is over some day, and then it is none of them.
    override = (
        "+ override Checkout from 2027-12-24 07:00 to 2027-12-27 07:00 UTC: bob@example.com in place of ada@example"
    )
    there = 16 if override in shown.stdout else 15
    assert shown.stdout.endswith(f"{there - 1} to make, 1 to change, 0 as they are.\n")
    refused = again("apply", str(EXAMPLE), **stores)
    assert "Say --yes" in refused.stderr
    assert await all_rows(res, AlertRule) == []
    assert again("apply", str(EXAMPLE), "--yes", **stores).stdout.endswith("Done.\n")
    assert len(await all_rows(res, AlertRule)) == 2
    nothing = again("apply", str(EXAMPLE), "--plan", **stores)
    assert (nothing.returncode, nothing.stdout) == (0, f"Nothing to do: all {there} are as the file says.\n")


async def test_a_plan_shows_no_secret(res: Resources, database_url, redis_url, tmp_path):
    file = tmp_path / "people.yaml"
    ways = "{channel: WEBHOOK, value: 'https://hooks.example.com/0123456789abcdef-WxYz'}, {channel: APPRISE, value: 'json://a:secret@b/'}"
    file.write_text(f"developers: [{{email: ada@example.com, name: Ada, contactMethods: [{ways}]}}]")
    said = again("apply", str(file), "--plan", database_url=database_url, redis_url=redis_url).stdout
    assert "(channel WEBHOOK, value https://hooks.example.com/…WxYz), (channel APPRISE, value json://…)" in said


async def test_each_thing_that_is_wrong_is_a_line_with_its_place(res: Resources, database_url, redis_url, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("teams: [{slug: shop}]\npolicies: [{name: a, steps: 3}]")
    ended = again("apply", str(file), database_url=database_url, redis_url=redis_url)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"{file}: teams.0.name: Field required",
        f"{file}: policies.0.steps: Input should be a valid list",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("start: 18:00", {"start": "18:00"}),
        ("name: no", {"name": "no"}),
        ("at: 2026-01-05T08:00:00Z", {"at": "2026-01-05T08:00:00Z"}),
        ("owner: null\nlead: ~", {"owner": None, "lead": None}),
        ("a: &it {b: '1'}\nc: {<<: *it, d: '2'}", {"a": {"b": "1"}, "c": {"b": "1", "d": "2"}}),
        ("", None),
    ],
)
def test_words_are_left_as_they_are_written(tmp_path, text, value):
    path = tmp_path / "file.yaml"
    path.write_text(text)
    assert read_document(path) == value


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: 1\na: 2", "line 2, column 1: 'a' is there twice."),
        (b"a: [1", "line 1"),
        (b"? [a]\n: 1", "a key must be a word"),
        (b"a: !!python/object:os.system {}", "line 1, column 4: could not determine a constructor"),
        (b"\xff\xfe\x00", "is no YAML"),
        (b"#" * 1_000_001, "may have 1,000,000"),
        (b"[" * 10_000, "is no YAML"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path, content, says):
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(Problem) as refused:
        read_document(path)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Problem, match="No such file"):
        read_document(tmp_path / "none.yaml")
