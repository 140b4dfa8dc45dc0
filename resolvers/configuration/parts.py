"""What all parts of a configuration file have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from domain.configuration import Kind, Reference, Thing
from domain.errors import InvalidInput
from domain.notification import Channel
from domain.zone import check_timezone


class Refused(ValueError):
    """That a part of the file, or what `path` leads to in it, means nothing, as pydantic hears of it."""

    def __init__(self, message: str, *path: str) -> None:
        super().__init__(message)
        self.path = path


@contextmanager
def refused_here(*path: str) -> Iterator[None]:
    """Raise what a rule refuses as refused in the part that is read, at its field of what `path` leads to."""
    try:
        yield
    except InvalidInput as error:
        raise Refused(error.message, *path, *error.path) from error


def in_order(values: list[Any]) -> list[Any]:
    """Each once, where it is first."""
    return [value for place, value in enumerate(values) if value not in values[:place]]


def _once(values: list[str]) -> list[str]:
    return sorted(set(values))


def _timezone(name: str) -> str:
    with refused_here():
        return check_timezone(name, "timezone")


Email = Annotated[str, AfterValidator(str.lower)]
Names = Annotated[list[str], AfterValidator(_once)]
Emails = Annotated[list[Email], AfterValidator(_once)]
Channels = Annotated[list[Channel], AfterValidator(in_order)]
Timezone = Annotated[str, AfterValidator(_timezone)]


class Part(BaseModel):
    """A part of the file, in which nothing may stand that means nothing."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True, str_strip_whitespace=True)

    def given(self) -> dict[str, Any]:
        """What the file says of it; parts in it are whole, with what they are without being told."""
        return {name: _plain(getattr(self, name)) for name in type(self).model_fields if name in self.model_fields_set}

    def plain(self) -> Any:
        """All of it without our classes, so that it can be compared and shown."""
        return {name: _plain(getattr(self, name)) for name in type(self).model_fields}


class Stated(Protocol):
    """What a file says of one thing."""

    def thing(self) -> Thing:
        """It, as it is compared with what stands."""
        ...

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where; `path` is its own place."""
        ...

    def is_over(self, at: datetime) -> bool:
        """Whether it can change nothing any more at that time."""
        ...


class NamedPart(Part):
    """A part that is known by a name."""

    kind_of_thing: ClassVar[Kind]
    key: ClassVar[str] = "name"
    refers: ClassVar[dict[str, Kind]] = {}

    def thing(self) -> Thing:
        """It, as it is compared with what stands."""
        fields = self.given()
        return Thing(self.kind_of_thing, fields.pop(self.key), fields)

    def references(self, path: str) -> Iterator[Reference]:
        """All that it names, and where."""
        for field, kind in self.refers.items():
            value = getattr(self, field)
            for name in value if isinstance(value, list) else [value]:
                if name is not None:
                    yield Reference(kind, name, f"{path}.{to_camel(field)}")

    def is_over(self, at: datetime) -> bool:  # noqa: ARG002 - as all that is stated
        """Whether it can change nothing any more: it always can."""
        return False

    def stated(self, path: str) -> Iterator[tuple[str, Stated]]:
        """Each thing that the part says something of, and where."""
        yield path, self


class QuietHoursPart(Part):
    """A span of each day."""

    start: str
    end: str
    timezone: str | None = None
    except_critical: bool = True


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.plain()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
