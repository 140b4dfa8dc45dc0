from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.notification import Channel, NotificationKind
from domain.notification_template import FORMS, Place, check_lengths, check_place, choose_place, form_of

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


def test_one_without_a_kind_is_for_what_is_about_issues_alone():
    handoff = NotificationKind.HANDOFF
    assert choose_place([ALL], MAIL, handoff, None) is None
    assert choose_place([ALL, Place(MAIL, handoff)], MAIL, handoff, None) == Place(MAIL, handoff)
    assert choose_place([Place(MAIL, handoff)], MAIL, ALERT, SHOP) is None


@pytest.mark.parametrize("channel", [Channel.WEBHOOK, Channel.PAGERDUTY, Channel.DASHBOARD])
def test_what_has_a_form_of_its_own_has_no_template(channel):
    with pytest.raises(InvalidInput) as refused:
        check_place(channel, None)
    assert refused.value.path == ("channel",)


def test_tests_have_no_template():
    assert set(NotificationKind) - set(FORMS) == {NotificationKind.TEST}
    with pytest.raises(InvalidInput) as refused:
        check_place(MAIL, NotificationKind.TEST)
    assert refused.value.path == ("kind",)


@pytest.mark.parametrize(
    ("channel", "kind", "has_project", "path"),
    [
        (Channel.SMS, NotificationKind.DAILY_SUMMARY, False, "channel"),
        (Channel.SLACK, NotificationKind.WARNING, False, "channel"),
        (Channel.WEBHOOK, NotificationKind.HANDOFF, False, "channel"),
        (MAIL, NotificationKind.HANDOFF, True, "project"),
        (MAIL, NotificationKind.DAILY_SUMMARY, True, "project"),
    ],
)
def test_a_template_that_no_message_could_have_is_refused(channel, kind, has_project, path):
    with pytest.raises(InvalidInput) as refused:
        check_place(channel, kind, has_project=has_project)
    assert refused.value.path == (path,)


def test_a_project_may_have_its_own_words_for_what_is_turned_away():
    check_place(MAIL, NotificationKind.EVENTS_DROPPED, has_project=True)


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


def test_all_that_a_template_may_say_is_shown_kind_by_kind():
    text = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text()
    about_issues, _, rest = text[text.index("## Words of your own") :].partition("### What is about no issue")
    common, _, _ = rest.partition("| kind |")
    rows = {line.split("`")[1]: line for line in rest.splitlines() if line.startswith("| `")}
    assert [name for name in form_of(None).variables if f"`{name}`" not in about_issues] == []
    for kind in set(FORMS) - {kind for kind in FORMS if form_of(kind) is form_of(None)}:
        form, row = form_of(kind), common + rows[kind]
        assert [name for name in form.variables if f"`{name}`" not in row] == []
        assert row.split("|")[2].strip() == ", ".join(form.channels)
