"""What an administrator may set of a message's words: of which kind, by which channel, in which project.

This is the place for which kinds have templates, and what those may say; docs/notifications.md shows it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from domain.errors import InvalidInput
from domain.notification import ABOUT_ISSUES, Channel, NotificationKind

MOST_TEMPLATES = 200
LONGEST_SUBJECT_TEMPLATE = 500
LONGEST_TEXT_TEMPLATE = 4000
LONGEST_SUBJECT = 160
# Those whose messages are words alone; the others have a form of their own.
LONGEST_TEXTS = {
    Channel.EMAIL: 20_000,
    Channel.SLACK: 2_900,
    Channel.SMS: 240,
    Channel.TELEGRAM: 2_500,
    Channel.APPRISE: 2_500,
}
_COMMON = ("headline", "reason", "recipient", "url")


@dataclass(frozen=True, slots=True)
class Form:
    """What templates of a kind are: which values they may use, by which channels they go, if they are of a project.

    Each value is a text or a number, empty where it is not known; a list is a text with a line for each.
    """

    variables: tuple[str, ...]
    channels: Collection[Channel] = tuple(LONGEST_TEXTS)
    is_of_project: bool = False


_ISSUE = Form(
    (
        *_COMMON, "title", "message", "severity", "short_id", "project", "service", "environment", "release",
        "endpoint", "server", "culprit", "events", "users", "first_seen", "last_seen", "stack",
    ),
    is_of_project=True,
)  # fmt: skip
# Tests and codes are none of an administrator's business.
FORMS: Mapping[NotificationKind, Form] = {
    **dict.fromkeys(ABOUT_ISSUES, _ISSUE),
    NotificationKind.HANDOFF: Form(
        (
            *_COMMON, "text", "turn", "schedule", "starts", "ends", "before", "beside", "after", "alerts",
            "alert_list", "left_list",
        )
    ),
    NotificationKind.DAILY_SUMMARY: Form(
        (
            *_COMMON, "day", "events", "events_before", "change", "chart", "peak", "alerts", "alert_list", "new",
            "new_list", "regressed", "regressed_list", "unresolved", "severity_list", "service_list", "on_call_list",
        ),
        channels=(Channel.EMAIL,),
    ),
    NotificationKind.WARNING: Form(
        (*_COMMON, "wrong", "wrong_list", "over", "over_list", "lasting_list", "service_list", "issue_list"),
        channels=(Channel.EMAIL,),
    ),
    NotificationKind.EVENTS_DROPPED: Form(
        (*_COMMON, "project", "slug", "plan", "why", "hour", "until"), channels=(Channel.EMAIL,), is_of_project=True
    ),
}  # fmt: skip


def form_of(kind: NotificationKind | None) -> Form:
    """The form of templates of that kind, which has one; none stands for all kinds about issues."""
    return _ISSUE if kind is None else FORMS[kind]


class TemplateSettings(TypedDict, total=False):
    """The words of a template; what is left out stays as it is."""

    subject: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """For what a template is: none stands for all kinds about issues, and for all projects."""

    channel: Channel
    kind: NotificationKind | None = None
    project_id: UUID | None = None

    def fits(self, channel: Channel, kind: NotificationKind, project_id: UUID | None) -> bool:
        """Whether a message of that kind, by that channel, in that project or in none, is one of these."""
        is_of_kind = kind in ABOUT_ISSUES if self.kind is None else self.kind is kind
        return self.channel is channel and is_of_kind and self.project_id in (None, project_id)


def choose_place(
    places: Sequence[Place], channel: Channel, kind: NotificationKind, project_id: UUID | None
) -> Place | None:
    """The one whose template a message has: of those that fit, the project's before all projects', then the kind's."""
    fitting = [place for place in places if place.fits(channel, kind, project_id)]
    return max(fitting, key=lambda place: (place.project_id is not None, place.kind is not None), default=None)


def check_place(channel: Channel, kind: NotificationKind | None, *, has_project: bool = False) -> None:
    """Return where such messages can have a template, of a project if it is to be.

    Raises: InvalidInput.
    """
    if kind is not None and kind not in FORMS:
        raise InvalidInput(f"`kind` must be one of {', '.join(FORMS)}.", ("kind",))
    form, of = form_of(kind), f" of {kind}" if kind else ""
    if channel not in form.channels:
        raise InvalidInput(f"`channel`{of} must be one of {', '.join(form.channels)}.", ("channel",))
    if has_project and not form.is_of_project:
        raise InvalidInput(f"`project` goes not with {kind}, which is of no project.", ("project",))


def check_lengths(channel: Channel, subject: str | None, text: str) -> None:
    """Return where a template by that channel may have such a subject, and such a text.

    Raises: InvalidInput.
    """
    if subject is not None and channel is not Channel.EMAIL:
        raise InvalidInput("`subject` goes with EMAIL only.", ("subject",))
    if subject is not None and not 1 <= len(subject.strip()) <= LONGEST_SUBJECT_TEMPLATE:
        raise InvalidInput(f"`subject` must be 1 to {LONGEST_SUBJECT_TEMPLATE} characters.", ("subject",))
    check_text(text, "text")


def check_text(text: str, name: str) -> None:
    """Return where the field of that name may have such a text.

    Raises: InvalidInput.
    """
    if not 1 <= len(text.strip()) <= LONGEST_TEXT_TEMPLATE or "\x00" in text:
        raise InvalidInput(f"`{name}` must be 1 to {LONGEST_TEXT_TEMPLATE} characters.", (name,))
