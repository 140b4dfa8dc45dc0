"""What the commands are told: settings from the environment, and the stores of a Tocsin that runs beside them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError, field_validator

from cli.installation import find_running
from cli.problem import Problem
from core.settings import Settings, unknown_variables
from domain import developer, project
from domain.errors import InvalidInput
from domain.timetable import read_timetable

_WRONG_SETTINGS = 2


class _Allowed(Settings):
    """Settings that the rules of the product allow too, so that the first start does not fail half-way."""

    @field_validator("owner_email")
    @classmethod
    def _email(cls, value: str) -> str:
        with _refusals():
            return developer.check_settings({"email": value})["email"]

    @field_validator("owner_name")
    @classmethod
    def _name(cls, value: str) -> str:
        with _refusals():
            return developer.check_settings({"name": value})["name"]

    @field_validator("first_project")
    @classmethod
    def _slug(cls, value: str) -> str:
        with _refusals():
            return project.check_settings({"slug": value})["slug"]

    @field_validator("timetable")
    @classmethod
    def _timetable(cls, value: str | None) -> str | None:
        with _refusals():
            read_timetable(value)
        return value


def read_settings() -> Settings:
    """Hand back the settings, once it is said which variables are none.

    Raises: Problem that names every wrong variable, and why.
    """
    for name, nearest in unknown_variables().items():
        hint = f"did you mean {nearest}?" if nearest else "docs/settings.md has those that there are."
        print(f"Note: {name} is no setting, and changes nothing: {hint}", file=sys.stderr)
    try:
        return _Allowed()
    except ValidationError as error:
        lines = [f"  {_variable(wrong['loc'])}: {_reason(wrong)}" for wrong in error.errors(include_url=False)]
        raise Problem("\n".join(("Wrong settings:", *lines)), _WRONG_SETTINGS) from None


def read_settings_with_stores() -> Settings:
    """Hand back the settings with both URLs set: from the environment, else of a Tocsin that runs here.

    Raises: Problem.
    """
    settings = read_settings()
    if settings.database_url and settings.redis_url:
        return settings
    running = find_running(settings.data_dir)
    if running is None:
        raise Problem("Tocsin does not run here: start it (make run), or set TOCSIN_DATABASE_URL and TOCSIN_REDIS_URL.")
    stores = {
        "database_url": settings.database_url or running.database_url,
        "redis_url": settings.redis_url or running.redis_url,
        "public_url": settings.public_url or running.url,
    }
    return settings.model_copy(update=stores)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn a refusal of the product's into one of a setting, whose name stands before it already."""
    try:
        yield
    except InvalidInput as refusal:
        raise ValueError(refusal.message.partition("` ")[2]) from None


def _variable(location: tuple[int | str, ...]) -> str:
    return f"TOCSIN_{location[0]}".upper()


def _reason(wrong: object) -> str:
    assert isinstance(wrong, dict)
    message = str(wrong["msg"]).removeprefix("Value error, ")
    # A URL may hold a password, and messages end up in logs.
    return (
        message
        if any(part in _variable(wrong["loc"]) for part in ("URL", "ARCHIVE"))
        else f"{message} (it is {wrong['input']!r})"
    )
