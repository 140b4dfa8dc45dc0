"""What the commands are told: settings from the environment, and the stores of a Tocsin that runs beside them."""

from pydantic import ValidationError

from cli.installation import find_running
from cli.problem import Problem
from core.settings import Settings

_WRONG_SETTINGS = 2


def read_settings() -> Settings:
    """Hand back the settings.

    Raises: Problem that names every wrong variable, and why.
    """
    try:
        return Settings()
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


def _variable(location: tuple[int | str, ...]) -> str:
    return f"TOCSIN_{location[0]}".upper()


def _reason(wrong: object) -> str:
    assert isinstance(wrong, dict)
    message = str(wrong["msg"]).removeprefix("Value error, ")
    # A URL may hold a password, and messages end up in logs.
    return message if "URL" in _variable(wrong["loc"]) else f"{message} (it is {wrong['input']!r})"
