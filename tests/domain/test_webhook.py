import pytest
from graphql import build_schema
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.webhook import FieldMapping, check_mapping, fields_of_report, mapped_fields
from schema.export import sdl
from tests.support.fuzz.values import json_like

PAYLOAD = {"data": {"errors": [{"title": "Late"}, {"title": "Later"}], "a.b": 7}, "empty": None, "zero": 0}


def test_a_mapping_may_fill_every_field_of_a_report_but_the_project():
    fields = build_schema(sdl()).get_type("LogErrorInput").fields
    assert set(fields_of_report()) == set(fields) - {"project"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.errors.0.title", "Late"),
        ("data.errors.1.title", "Later"),
        ("data.errors", [{"title": "Late"}, {"title": "Later"}]),
        ("data.a\\.b", 7),
        ("zero", 0),
        ("data.errors.2.title", None),
        ("data.errors.-1", None),
        ("data.errors.x", None),
        ("data.errors.0.title.0", None),
        ("empty", None),
        ("data.none", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path, value):
    fields, missing = mapped_fields([FieldMapping("message", path)], PAYLOAD)
    assert fields == ({} if value is None else {"message": value})
    assert missing == (["message"] if value is None else [])


def test_the_first_entry_of_a_field_that_finds_something_counts():
    mapping = [FieldMapping("message", "none"), FieldMapping("message", "zero"), FieldMapping("message", constant="c")]
    assert mapped_fields(mapping, PAYLOAD) == ({"message": 0}, [])
    assert mapped_fields(mapping, {}) == ({"message": "c"}, [])


def test_parts_and_wholes_of_an_object_are_put_together():
    mapping = [FieldMapping("user.plan", constant="pro"), FieldMapping("user", "who"), FieldMapping("user.id", "id")]
    assert mapped_fields(mapping, {"who": {"email": "a@b"}, "id": 7})[0] == {
        "user": {"plan": "pro", "email": "a@b", "id": 7}
    }


@pytest.mark.parametrize(
    ("entry", "path", "message"),
    [
        (FieldMapping("mesage", "a"), ("0", "field"), "no field of a report"),
        (FieldMapping("project", "a"), ("0", "field"), "no field of a report"),
        (FieldMapping("message.a", "a"), ("0", "field"), "is no object"),
        (FieldMapping("request.verb", "a"), ("0", "field"), "method, url, route, statusCode, headers, query, body"),
        (FieldMapping("tags.", "a"), ("0", "field"), "1 to 64 characters"),
        (FieldMapping("tags." + "a" * 65, "a"), ("0", "field"), "1 to 64 characters"),
        (FieldMapping("message"), ("0",), "either"),
        (FieldMapping("message", "a", "b"), ("0",), "either"),
        (FieldMapping("message", ""), ("0", "path"), "empty part"),
        (FieldMapping("message", "a..b"), ("0", "path"), "empty part"),
        (FieldMapping("message", "a.b."), ("0", "path"), "empty part"),
        (FieldMapping("message", ".".join("a" * 21)), ("0", "path"), "21 parts; at most 20"),
        (FieldMapping("message", "a" * 501), ("0", "path"), "500 characters"),
        (FieldMapping("message", "a\nb"), ("0", "path"), "one line"),
        (FieldMapping("message", constant="a" * 1001), ("0", "constant"), "1000 characters"),
        (FieldMapping("message", constant="\0"), ("0", "constant"), "one line"),
    ],
)
def test_what_cannot_be_a_mapping_is_refused_where_it_stands(entry, path, message):
    with pytest.raises(InvalidInput) as refused:
        check_mapping([entry])
    assert refused.value.path == ("mapping", *path)
    assert message in refused.value.message


def test_a_mapping_has_a_bound():
    entries = [FieldMapping(f"tags.t{number}", "a") for number in range(101)]
    assert len(check_mapping(entries[:100])) == 100
    with pytest.raises(InvalidInput, match="at most 100"):
        check_mapping(entries)


@given(
    st.lists(st.sampled_from([*fields_of_report(), "user.id", "tags.a", "request.url"]), max_size=5),
    st.text(max_size=9),
    json_like(),
)
def test_any_mapping_that_is_accepted_can_be_walked(names, path, payload):
    try:
        mapping = check_mapping([FieldMapping(name, path) for name in names])
    except InvalidInput:
        return
    fields, missing = mapped_fields(mapping, payload)
    assert {name.split(".")[0] for name in names} == {*fields, *(name.split(".")[0] for name in missing)}
