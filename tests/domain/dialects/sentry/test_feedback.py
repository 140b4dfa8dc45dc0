import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bounds import FEEDBACK_FIELD, FEEDBACK_MESSAGE
from domain.dialects.sentry.client_report import read_client_report
from domain.dialects.sentry.feedback import read_feedback, read_user_report
from domain.errors import InvalidInput
from domain.feedback import Feedback
from tests.support.fuzz.values import json_like

ID, EVENT_ID = "9ec79c33ec9942ab8353589fcb2e04dc", "fc6d8c0c43fc4630ad850ee518f1b9d0"
DASHED = "FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0"


def feedback(**said):
    return {"event_id": ID, "contexts": {"feedback": said}}


def test_all_that_is_said_is_read():
    item = feedback(
        message="I cannot pay", name="Ann", contact_email="ann@example.com", url="/pay", associated_event_id=DASHED
    )
    assert read_feedback(item) == Feedback("I cannot pay", "Ann", "ann@example.com", "/pay", EVENT_ID, ID)


def test_who_said_it_may_stand_in_the_user():
    item = feedback(message="No") | {"user": {"username": "ann", "email": "ann@example.com"}}
    assert read_feedback(item) == Feedback("No", "ann", "ann@example.com", feedback_id=ID)


def test_its_own_id_wins_over_that_of_the_envelope():
    assert read_feedback(feedback(message="No"), envelope_id=EVENT_ID).feedback_id == ID
    assert read_feedback({"contexts": {"feedback": {"message": "No"}}}, envelope_id=DASHED).feedback_id == EVENT_ID


def test_a_report_of_older_sdks_is_read():
    item = {"event_id": DASHED, "name": "Ann", "email": "ann@example.com", "comments": "I cannot pay"}
    assert read_user_report(item) == Feedback("I cannot pay", "Ann", "ann@example.com", None, EVENT_ID)


def test_the_same_words_are_one_feedback_and_others_another():
    said = read_user_report({"event_id": EVENT_ID, "comments": "No"})
    again = read_user_report({"event_id": EVENT_ID, "comments": "No"})
    other = read_user_report({"event_id": EVENT_ID, "comments": "No!"})
    assert said.identity == again.identity != other.identity
    assert read_feedback(feedback(message="No")).identity == ID


@pytest.mark.parametrize(
    "said", [{}, {"message": ""}, {"message": " \n"}, {"message": None}, {"message": {"a": 1}}, {"message": "\0"}]
)
def test_what_says_nothing_is_refused(said):
    with pytest.raises(InvalidInput, match="no message"):
        read_feedback(feedback(**said))
    with pytest.raises(InvalidInput, match="no message"):
        read_user_report({"comments": said.get("message")})


def test_secrets_are_taken_out():
    item = feedback(
        message="my card 4111 1111 1111 1111, iban=DE02120300000000202051",
        url="https://shop.example.com/pay?token=tok_secret&iban=DE02",
        name="password=hunter22",
    )
    said = read_feedback(item, redact_keys=frozenset({"iban"}))
    for secret in ("4111", "DE02", "tok_secret", "hunter22"):
        assert secret not in f"{said.message} {said.url} {said.name}"


def test_what_begins_far_behind_blanks_is_heard():
    assert read_feedback(feedback(message=" " * 9000 + "No")).message == "No"


def test_all_is_bounded_and_readable():
    said = read_feedback(feedback(message="x" * 100_000 + "\0", name="a\nb" * 1000, contact_email="é\ud800" * 1000))
    assert len(said.message) == FEEDBACK_MESSAGE.limit
    assert len(said.name) <= FEEDBACK_FIELD.limit
    assert "\n" not in said.name
    assert len(said.email) <= FEEDBACK_FIELD.limit
    json.dumps(said.email).encode()


@given(
    st.dictionaries(
        st.sampled_from(["event_id", "contexts", "user", "comments", "name", "email", "message"]), json_like()
    )
)
def test_whatever_comes_is_read_or_says_nothing(item):
    for read in (read_feedback, read_user_report):
        try:
            said = read(item)
        except InvalidInput:
            continue
        assert said.message
        assert len(said.identity) == 32


@given(st.dictionaries(st.just("discarded_events"), json_like()))
def test_whatever_an_sdk_counts_is_counted_or_nothing(item):
    assert all(count > 0 for count in read_client_report(item).values())
