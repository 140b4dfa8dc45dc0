"""A configuration file: every field by the name and with the meaning that the API has for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from domain.configuration import Kind, Reference, Thing
from domain.errors import InvalidInput
from resolvers.configuration.alerting import AlertRulePart, PolicyPart
from resolvers.configuration.parts import NamedPart, Part, Refused, Stated
from resolvers.configuration.people import DeveloperPart, ProjectPart, TeamPart
from resolvers.configuration.schedule import SchedulePart
from resolvers.configuration.target import ResponseTargetsPart
from resolvers.configuration.template import TemplatePart

_MOST_SAID = 20


class ConfigurationFile(Part):
    """A whole file."""

    developers: list[DeveloperPart] = Field(default_factory=list)
    projects: list[ProjectPart] = Field(default_factory=list)
    teams: list[TeamPart] = Field(default_factory=list)
    schedules: list[SchedulePart] = Field(default_factory=list)
    policies: list[PolicyPart] = Field(default_factory=list)
    alert_rules: list[AlertRulePart] = Field(default_factory=list)
    templates: list[TemplatePart] = Field(default_factory=list)
    response_targets: list[ResponseTargetsPart] = Field(default_factory=list)

    @property
    def stated(self) -> list[tuple[str, Stated]]:
        """Everything in it, and where it stands in the file."""
        lists: list[tuple[str, Sequence[NamedPart]]] = [
            (to_camel(name), getattr(self, name)) for name in type(self).model_fields
        ]
        places = [(f"{name}.{index}", part) for name, parts in lists for index, part in enumerate(parts)]
        return [stated for path, part in places for stated in part.stated(path)]

    def things(self, at: datetime) -> list[Thing]:
        """Everything in it that is not over."""
        return [part.thing() for _, part in self._current(at)]

    def references(self, at: datetime) -> list[Reference]:
        """All that is named in it, by what is not over."""
        return [reference for path, part in self._current(at) for reference in part.references(path)]

    def _current(self, at: datetime) -> Iterable[tuple[str, Stated]]:
        return ((path, part) for path, part in self.stated if not part.is_over(at))


def read_configuration(value: object) -> ConfigurationFile:
    """The configuration that a document says, which YAML or JSON was read into.

    Raises: InvalidInput with a line for each thing that is wrong.
    """
    try:
        file = ConfigurationFile.model_validate({} if value is None else value)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        more = [f"and {len(wrong) - _MOST_SAID} more"] if len(wrong) > _MOST_SAID else []
        raise InvalidInput("\n".join([*map(_line, wrong[:_MOST_SAID]), *more])) from error
    _refuse_twice(file)
    return file


def _line(wrong: ErrorDetails) -> str:
    """Where it is and what it is, in the words of the rule that refused it, if one of ours did."""
    place, refused = [str(step) for step in wrong["loc"]], wrong.get("ctx", {}).get("error")
    if isinstance(refused, Refused):
        is_of_field = refused.path[:1] == (place[-1],)  # and not of the part that holds it
        place += refused.path[1:] if is_of_field else refused.path
    said = str(refused) if isinstance(refused, ValueError) else wrong["msg"]
    return f"{'.'.join(place) or 'the file'}: {said}"


def _refuse_twice(file: ConfigurationFile) -> None:
    seen: dict[tuple[Kind, str], str] = {}
    for path, part in file.stated:
        thing = part.thing()
        first = seen.setdefault((thing.kind, thing.name), path)
        if first != path:
            raise InvalidInput(f"{path}: the {thing.kind} {thing.name!r} is in {first} already.")
