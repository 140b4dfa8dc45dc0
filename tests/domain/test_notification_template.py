from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.notification import Channel, NotificationKind
from domain.notification_template import KINDS, VARIABLES, Place, check_lengths, check_place, choose_place

SHOP, OTHER = UUID(int=1), UUID(int=2)
MAIL, ALERT = Channel.EMAIL, NotificationKind.ALERT
ALL, KIND = Place(MAIL), Place(MAIL, ALERT)
PROJECT, BOTH = Place(MAIL, None, SHOP), Place(MAIL, ALERT, SHOP)
OTHERS = [Place(Channel.SMS), Place(MAIL, NotificationKind.NEW_ISSUE), Place(MAIL, ALERT, OTHER)]


@pytest.mark.parametrize(
    ("places", "chosen"),
    [
        ([ALL, KIND, PROJECT, BOTH], BOTH),
        ([ALL, KIND, PROJECT], PROJECT),
        ([ALL, KIND], KIND),
        ([ALL], ALL),
        ([], None),
    ],
)
def test_the_project_goes_before_the_kind_and_both_before_neither(places, chosen):
    assert choose_place([*OTHERS, *places], MAIL, ALERT, SHOP) == chosen
    assert choose_place([*places, *OTHERS], MAIL, ALERT, SHOP) == chosen


@pytest.mark.parametrize("channel", [Channel.WEBHOOK, Channel.PAGERDUTY, Channel.DASHBOARD])
def test_what_has_a_form_of_its_own_has_no_template(channel):
    with pytest.raises(InvalidInput) as refused:
        check_place(channel, None)
    assert refused.value.path == ("channel",)


@pytest.mark.parametrize("kind", sorted(set(NotificationKind) - set(KINDS)))
def test_what_is_about_no_issue_has_no_template(kind):
    with pytest.raises(InvalidInput) as refused:
        check_place(MAIL, kind)
    assert refused.value.path == ("kind",)


@pytest.mark.parametrize(
    ("channel", "subject", "text", "path"),
    [
        (Channel.SMS, "A", "text", "subject"),
        (MAIL, " ", "text", "subject"),
        (MAIL, "A" * 501, "text", "subject"),
        (MAIL, None, " \n", "text"),
        (MAIL, None, "a" * 4001, "text"),
        (MAIL, None, "a\x00", "text"),
    ],
)
def test_what_does_not_fit_is_named(channel, subject, text, path):
    with pytest.raises(InvalidInput) as refused:
        check_lengths(channel, subject, text)
    assert refused.value.path == (path,)


def test_all_that_a_template_may_say_is_shown():
    shown = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text()
    assert [name for name in VARIABLES if f"`{name}`" not in shown] == []
