from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answer import Answer, AnswerKind, Reply, read_answer, read_reply, write_answer
from domain.errors import NotFound

AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
KEY = b"k" * 32
ANSWER = Answer(AnswerKind.RESOLVE, uuid4(), AT + timedelta(days=7))


@given(st.sampled_from(AnswerKind), st.uuids(), st.integers(1, 1_000_000))
def test_a_link_is_read_as_it_was_written(kind, id, seconds):
    answer = Answer(kind, id, AT + timedelta(seconds=seconds))
    text = write_answer(answer, KEY)
    assert read_answer(text, KEY, at=AT) == answer
    assert text.replace("-", "").replace("_", "").isalnum()


def test_a_link_ends():
    text = write_answer(ANSWER, KEY)
    assert read_answer(text, KEY, at=ANSWER.expires_at - timedelta(seconds=1)) == ANSWER
    with pytest.raises(NotFound, match="too old"):
        read_answer(text, KEY, at=ANSWER.expires_at)


def test_what_was_not_signed_with_the_key_is_nothing():
    text = write_answer(ANSWER, KEY)
    for forged in (*(_flipped(text, place) for place in range(len(text) - 1)), text[:-1], text + "A", text + "="):
        with pytest.raises(NotFound):
            read_answer(forged, KEY, at=AT)
    with pytest.raises(NotFound):
        read_answer(text, b"o" * 32, at=AT)


@given(st.text(max_size=120))
def test_any_other_text_is_nothing(text):
    with pytest.raises(NotFound):
        read_answer(text, KEY, at=AT)


def _flipped(text: str, place: int) -> str:
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


A, R = AnswerKind.ACKNOWLEDGE, AnswerKind.RESOLVE


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("ack", Reply(A)),
        (" A ", Reply(A)),
        ("Ack.", Reply(A)),
        ("1", Reply(A)),
        ("a 1f", Reply(A, "1f")),
        ("ACK CHECKOUT-1F", Reply(A, "CHECKOUT-1F")),
        ("resolve checkout-1f!", Reply(R, "checkout-1f")),
        ("r: 1F", Reply(R, "1F")),
        ("A-1F", Reply(A, "1F")),
        ("done", Reply(R)),
        ("STOP", None),
        ("", None),
        ("ack what is this", None),
        ("who are you", None),
        ("x" * 5000, None),
    ],
)
def test_what_people_write_back(text, reply):
    assert read_reply(text) == reply


def test_an_issue_is_named_by_its_short_id_or_the_end_of_it():
    assert Reply(A).is_about("CHECKOUT-1F")
    assert all(replace(Reply(A), issue=name).is_about("CHECKOUT-1F") for name in ("1f", "checkout-1F"))
    assert not any(replace(Reply(A), issue=name).is_about("CHECKOUT-1F") for name in ("F", "11F", "CHECKOUT"))
