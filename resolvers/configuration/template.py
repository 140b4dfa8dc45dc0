"""What a configuration file may say of the words of messages."""

from typing import Any, ClassVar, Self

from pydantic import model_validator

from domain.configuration import Kind, Thing, name_template
from domain.notification import Channel, NotificationKind
from domain.notification_template import check_lengths, check_place
from resolvers.configuration.parts import NamedPart, refused_here
from resolvers.notification_template.words import check_words


class TemplatePart(NamedPart):
    """The words of messages by a channel: of a kind or of all about issues, in a project or in all.

    It is known by these three.
    """

    kind_of_thing: ClassVar[Kind] = Kind.TEMPLATE
    refers: ClassVar[dict[str, Kind]] = {"project": Kind.PROJECT}

    channel: Channel
    kind: NotificationKind | None = None
    project: str | None = None
    subject: str | None = None
    text: str

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        with refused_here():
            check_place(self.channel, self.kind, has_project=self.project is not None)
            check_lengths(self.channel, self.subject, self.text)
            check_words(self.kind, self.subject, self.text)
        return self

    def thing(self) -> Thing:
        """It, as it is compared with what stands."""
        place: dict[str, Any] = {"channel": self.channel, "kind": self.kind, "project": self.project}
        fields = {name: value for name, value in self.given().items() if name not in place}
        return Thing(self.kind_of_thing, name_template(**place), fields, place)
