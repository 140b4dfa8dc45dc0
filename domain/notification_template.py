"""What an administrator may set of a message's words: of which kind, by which channel, in which project."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from domain.errors import InvalidInput
from domain.notification import Channel, NotificationKind

MOST_TEMPLATES = 200
LONGEST_SUBJECT_TEMPLATE = 500
LONGEST_TEXT_TEMPLATE = 4000
LONGEST_SUBJECT = 160
# Those whose messages are words alone; the others have a form of their own.
LONGEST_TEXTS = {Channel.EMAIL: 20_000, Channel.SLACK: 2_900, Channel.SMS: 240, Channel.TELEGRAM: 2_500}
# Those about an issue; the others have a form of their own.
KINDS = (
    NotificationKind.NEW_ISSUE,
    NotificationKind.REGRESSION,
    NotificationKind.ASSIGNMENT,
    NotificationKind.ALERT,
    NotificationKind.ESCALATION,
)
# What a template may say: one text or number each; empty where it is not known. docs/notifications.md shows them.
VARIABLES = (
    "headline", "title", "message", "severity", "short_id", "url", "project", "service", "environment", "release",
    "endpoint", "server", "culprit", "events", "users", "first_seen", "last_seen", "stack", "reason", "recipient",
)  # fmt: skip


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

    def fits(self, channel: Channel, kind: NotificationKind, project_id: UUID) -> bool:
        """Whether a message of that kind, by that channel, in that project, is one of these."""
        return self.channel is channel and self.kind in (None, kind) and self.project_id in (None, project_id)


def choose_place(places: Sequence[Place], channel: Channel, kind: NotificationKind, project_id: UUID) -> Place | None:
    """The one whose template a message has: of those that fit, the project's before all projects', then the kind's."""
    fitting = [place for place in places if place.fits(channel, kind, project_id)]
    return max(fitting, key=lambda place: (place.project_id is not None, place.kind is not None), default=None)


def check_place(channel: Channel, kind: NotificationKind | None) -> None:
    """Return where such messages can have a template.

    Raises: InvalidInput.
    """
    if channel not in LONGEST_TEXTS:
        raise InvalidInput(f"`channel` must be one of {', '.join(LONGEST_TEXTS)}.", ("channel",))
    if kind is not None and kind not in KINDS:
        raise InvalidInput(f"`kind` must be one of {', '.join(KINDS)}.", ("kind",))


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
