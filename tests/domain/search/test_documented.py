"""What docs/search.md says of the language is so."""

import re

from core.settings import ROOT
from domain.errors import InvalidInput
from domain.event import Severity
from domain.search.expression import State, Thing
from domain.search.reading import KEYS, read_search
from tests.support.clock import START

TEXT = (ROOT / "docs/search.md").read_text()
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if line.startswith("| `")]


def test_every_example_is_understood():
    examples = [row[0].strip("`") for row in ROWS if not re.fullmatch(r"`[a-z]+:`", row[0])]
    assert len(examples) > 8
    for example in examples:
        read_search(example, START)


def test_every_key_is_listed_with_its_values():
    values = {row[0].strip("`:"): row[1] for row in ROWS if re.fullmatch(r"`[a-z]+:`", row[0])}
    assert set(values) == set(KEYS)
    for key, choices in {"is": State, "has": Thing, "severity": Severity}.items():
        assert re.findall(r"`([a-z]+)`", values[key]) == [choice.lower() for choice in choices]
    for value in ("24h", ">7d", "2026-11-01", "2026-11-01T10:00Z", ">2026-11-01", "2026-11-01..2026-11-08"):
        assert f"`{value}`" in TEXT
        read_search(f"first:{value}", START)
    for value in re.findall(r"`([0-9>][^`]*)`", values["events"]):
        read_search(f"users:{value}", START)


def test_the_message_is_the_one_that_is_shown():
    shown = re.search(r"^Column .*$", TEXT, re.MULTILINE)
    try:
        read_search("timeout servce:checkout", START)
    except InvalidInput as refusal:
        said = refusal.message
    assert shown
    assert said == shown[0]
