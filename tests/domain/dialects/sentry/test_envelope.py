import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dialects.sentry.envelope import MOST_ITEMS, EnvelopeReader, Item
from domain.errors import InvalidInput

WANTED = {"event": 100, "feedback": 50}


def read(data: bytes, pieces: int | None = None):
    reader = EnvelopeReader(WANTED)
    for start in range(0, len(data), pieces or len(data) or 1):
        reader.feed(data[start : start + (pieces or len(data))])
    return reader.finish()


def line(**fields) -> bytes:
    return json.dumps(fields).encode() + b"\n"


@pytest.mark.parametrize(
    ("data", "items"),
    [
        (b"{}", []),
        (b"{}\n", []),
        (b"{}\n\n\n", []),
        (b'{}\n{"type":"event","length":2}\n{}\n', [Item("event", b"{}")]),
        (b'{}\n{"type":"event","length":2}\n{}', [Item("event", b"{}")]),
        (b'{}\r\n{"type":"event","length":2}\r\n{}\r\n', [Item("event", b"{}")]),
        (b'{}\n{"type":"event"}\n{"a":1}\n', [Item("event", b'{"a":1}')]),
        (b'{}\n{"type":"event"}\n{"a":1}', [Item("event", b'{"a":1}')]),
        (b'{}\n{"type":"event"}\n', [Item("event", b"")]),
        (b'{}\n{"type":"event","length":null}\n{}\n', [Item("event", b"{}")]),
        (b'{}\n{"type":"event","length":-1}\n{}\n', [Item("event", b"{}")]),
        (b'{}\n{"type":"event","length":0}\n\n{"type":"event","length":2}\n{}', [Item("event", b""), Item("event", b"{}")]),
        (b'{}\n{"type":"attachment","length":5}\n\n\n\n\n\n\n{"type":"event"}\n{}', [Item("event", b"{}")]),
        (b'{}\n{"type":"session"}\n{"x":1}\n{"type":"event"}\n{}', [Item("event", b"{}")]),
        (b'{}\n{"length":1}\nx\n{"type":7}\n{}\n{"type":"event"}\n{}', [Item("event", b"{}")]),
        (b'{}\n{"type":"event","length":3}\n{\n}\n{"type":"feedback"}\n{}', [Item("event", b"{\n}"), Item("feedback", b"{}")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("pieces", [None, 1, 2, 7])
def test_items_are_read_however_the_bytes_arrive(data, items, pieces):
    assert read(data, pieces).items == items


def test_the_header_is_known_as_soon_as_it_is_there():
    reader = EnvelopeReader(WANTED)
    reader.feed(b'{"dsn":"http')
    assert not reader.has_header
    reader.feed(b'://k@h/1"}\n')
    assert reader.has_header
    assert reader.envelope.header == {"dsn": "http://k@h/1"}


def test_a_wanted_item_past_its_bound_is_named_and_not_kept():
    envelope = read(b"{}\n" + line(type="event") + b"x" * 101 + b"\n" + line(type="feedback") + b"{}")
    assert envelope.too_large == ["event"]
    assert envelope.items == [Item("feedback", b"{}")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "header of the envelope is no JSON object"),
        (b"[]\n", "header of the envelope is no JSON object"),
        (b"not json\n", "header of the envelope is no JSON object"),
        (b"\xff\xfe{}\n", "header of the envelope is no JSON object"),
        (b"[" * 5000 + b"\n", "header of the envelope is no JSON object"),
        (b"{" + b" " * 70_000, "longer than 65,536 bytes"),
        (b"{}\n\n" + b"{" * 70_000, "longer than 65,536 bytes"),
        (b"{}\nnot json\n{}\n", "item header of the envelope is no JSON object"),
        (b'{}\n{"type":"event","length":9}\n{}', "ends in the middle of an item"),
        (b'{}\n{"type":"event","length":1}\n{}\n', "not as long as its header says"),
        (b"{}\n" + b'{"type":"session"}\n{}\n' * (MOST_ITEMS + 1), "at most 1,000 items"),
    ],
)
def test_what_is_no_envelope_is_said(data, message):
    with pytest.raises(InvalidInput, match=message):
        read(data)


@pytest.mark.parametrize(
    "rest",
    [
        b'{"type":"attachment","length":900}\ncut off',
        b'{"type":"attachment","length":1}\nlonger than that\n',
        b"not json\n{}\n",
        b"{" + b" " * 70_000 + b"\n",
        b'{"type":"session"}\n{}\n' * (MOST_ITEMS + 1),
    ],
)
@pytest.mark.parametrize("pieces", [None, 1])
def test_what_is_broken_behind_an_event_takes_it_not_along(rest, pieces):
    whole = b'{}\n{"type":"event","length":2}\n{}\n'
    assert read(whole + rest, pieces).items == [Item("event", b"{}")]


@given(st.lists(st.tuples(st.sampled_from(["event", "feedback", "other"]), st.binary(max_size=40))), st.integers(1, 50))
def test_whatever_is_written_with_lengths_is_read_back(items, pieces):
    written = b"{}\n" + b"".join(line(type=kind, length=len(payload)) + payload + b"\n" for kind, payload in items)
    assert read(written, pieces).items == [Item(kind, payload) for kind, payload in items if kind in WANTED]


@given(st.binary(max_size=200), st.integers(1, 20))
def test_any_bytes_are_an_envelope_or_are_told_that_they_are_none(data, pieces):
    with suppress(InvalidInput):
        read(data, pieces)
