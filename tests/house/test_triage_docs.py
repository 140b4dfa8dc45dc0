"""docs/triage.md says what the code does."""

import re

from domain.issue import ActivityKind
from domain.wording import COMMENT, NOTE, REASON
from schema.alert import AlertMutation
from schema.triage import TriageMutation
from tests.house.test_failures import mutations
from tests.support.source import ROOT

PAGE = (ROOT / "docs" / "triage.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\w, ]+) \|$", PAGE, re.MULTILINE)


def test_every_mutation_is_there_with_its_failures():
    named = {name.replace("_", "").lower(): set(failures.split(", ")) for name, _, failures in ROWS}
    ours = {field.name for part in (TriageMutation, AlertMutation) for field in part.__strawberry_definition__.fields}
    assert named == {field.name.replace("_", ""): field.may_raise for field in mutations() if field.name in ours}


def test_every_step_it_names_is_one():
    assert {kind for _, kind, _ in ROWS} <= set(ActivityKind)


def test_its_bounds_are_those_of_the_code():
    assert f"at most {NOTE:,} characters, a comment {COMMENT:,}" in PAGE
    assert NOTE == REASON
