"""What counts as breaking a promise, and what does not."""

import pytest

from schema.release import breaking_changes, promised_version, with_heading

PROMISED = """
interface Node { id: ID! }
type Query { issue(id: ID!, first: Int): Issue count: Int old: Gone @deprecated(reason: "Use issue.") }
type Issue implements Node { id: ID! title: String! status: Status }
type Gone { at: String }
enum Status { OPEN DONE CLOSED @deprecated(reason: "Say DONE.") }
input Filter { service: String }
type Mutation { log(filter: Filter): Answer }
union Answer = Issue
"""


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        pytest.param("title: String!", "", "title", id="a field is gone"),
        pytest.param("title: String!", "title: String", "title", id="a field may be null now"),
        pytest.param("title: String!", "title: Int!", "title", id="a field has another type"),
        pytest.param("OPEN ", "", "OPEN", id="a value is gone"),
        pytest.param("first: Int", "first: Int!", "first", id="an argument is needed now"),
        pytest.param("(id: ID!, first: Int)", "(id: ID!)", "first", id="an argument is gone"),
        pytest.param(
            "{ service: String }", "{ service: String project: ID! }", "project", id="an input field is needed now"
        ),
        pytest.param("implements Node {", "{", "Node", id="an object is no node any more"),
        pytest.param("count: Int", "", "count", id="a root field is gone"),
    ],
)
def test_what_breaks_clients_is_told(was: str, becomes: str, named: str):
    assert was in PROMISED
    (change,) = breaking_changes(PROMISED, PROMISED.replace(was, becomes))
    assert named in change


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("count: Int", "count: Int more: String", id="a new field"),
        pytest.param("OPEN ", "OPEN NEW ", id="a new value"),
        pytest.param("service: String", "service: String project: ID", id="a new input field that may be left out"),
        pytest.param(
            "title: String!", 'title: String! @deprecated(reason: "Use name.") name: String!', id="deprecated"
        ),
        pytest.param('CLOSED @deprecated(reason: "Say DONE.")', "", id="a value that was deprecated before is gone"),
    ],
)
def test_what_breaks_nobody_is_fine(was: str, becomes: str):
    assert breaking_changes(PROMISED, PROMISED.replace(was, becomes, 1)) == []


def test_a_deprecated_field_may_go_with_the_type_that_only_it_led_to():
    gone = 'old: Gone @deprecated(reason: "Use issue.")'
    assert breaking_changes(PROMISED, PROMISED.replace(gone, "").replace("type Gone { at: String }", "")) == []


def test_a_promise_names_its_release():
    assert promised_version(with_heading(PROMISED, "1.2.0")) == "1.2.0"
    assert breaking_changes(with_heading(PROMISED, "1.2.0"), PROMISED) == []
