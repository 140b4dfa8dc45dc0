from uuid import UUID

import pytest

from domain.channels import UNSUBSCRIBED, Matter, Person, Way, choose
from domain.contact import Importance
from domain.errors import NotFound
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from domain.unsubscribe import Unsubscription, read_unsubscription, unsubscribe_headers, write_unsubscription
from tests.support.clock import START

KEY = b"k" * 32
WISH = Unsubscription(UUID(int=7), NotificationKind.EVENTS_DROPPED, is_essential=False)


def test_a_link_holds_what_it_stands_for():
    for kind in NotificationKind:
        for is_essential in (False, True):
            wish = Unsubscription(UUID(int=7), kind, is_essential)
            assert read_unsubscription(write_unsubscription(wish, KEY), KEY) == wish


@pytest.mark.parametrize(
    "text", ["", "x", "é", "A" * 200, write_unsubscription(WISH, b"other"), write_unsubscription(WISH, KEY)[:-2] + "AA"]
)
def test_what_was_not_written_with_the_key_is_nothing(text: str):
    with pytest.raises(NotFound):
        read_unsubscription(text, KEY)


def test_only_https_and_what_is_not_essential_is_one_click():
    url = "https://x/unsubscribe/y"
    assert unsubscribe_headers(url, is_essential=False) == {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert unsubscribe_headers(url, is_essential=True) == {"List-Unsubscribe": f"<{url}>"}
    assert set(unsubscribe_headers("http://x/", is_essential=False)) == {"List-Unsubscribe"}


@pytest.mark.parametrize(
    ("matter", "held"),
    [
        (Matter(Severity.HIGH, NotificationKind.ASSIGNMENT), UNSUBSCRIBED),
        (Matter(Severity.HIGH, NotificationKind.HANDOFF), None),
        (Matter(Severity.CRITICAL, NotificationKind.ASSIGNMENT), None),
        (Matter(Severity.HIGH, NotificationKind.ASSIGNMENT, Importance.IMPORTANT), None),
    ],
)
def test_who_unsubscribed_gets_no_mail_of_that_kind_but_of_what_is_essential(matter: Matter, held: str | None):
    ways = (Way(Channel.EMAIL, "ann@example.com"), Way(Channel.SLACK, "U1"))
    person = Person("UTC", ways, no_mail_of=frozenset({NotificationKind.ASSIGNMENT}))
    plans = {plan.channel: plan.held for plan in choose(matter, person, at=START, missing=lambda *_: None)}
    assert (plans[Channel.EMAIL], plans[Channel.DASHBOARD]) == (held, None)
    assert plans.get(Channel.SLACK) is None
