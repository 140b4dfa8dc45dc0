"""`tocsin demo`: a small shop that breaks, and reports what broke through the public API."""

import random
import time
from typing import Annotated

import typer

from cli.configuration import read_settings
from cli.demo.api import Api
from cli.demo.capture import as_input
from cli.demo.story import play
from cli.demo.traffic import Accident, accidents
from cli.installation import Credentials, find_running, read_credentials


def main(  # noqa: PLR0917 - the options of a command
    events: Annotated[int, typer.Option(min=1, help="How many errors to report.")] = 40,
    seconds: Annotated[float | None, typer.Option(min=0, help="Go on for so long, instead of a number.")] = None,
    rate: Annotated[float, typer.Option(min=0.1, max=1000, help="At most so many a second.")] = 20,
    seed: Annotated[int | None, typer.Option(help="The same number gives the same errors.")] = None,
    story: Annotated[
        bool, typer.Option("--story", help="Play one issue from its first error to its regression instead.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="GraphQL address. Default: the Tocsin of this data directory.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Ingest key. Default: the one of this data directory.")] = None,
    token: Annotated[str | None, typer.Option(help="API token, for the story. Default: as above.")] = None,
) -> None:
    """Run a small shop that really breaks, and report what broke."""
    own = None if url and key and (token or not story) else _own_credentials()
    chance = random.Random(seed)  # noqa: S311 - nobody guards anything with it
    with Api(url or _of(own).graphql_url, key or _of(own).ingest_key) as reporter:
        print(f"Reporting to {reporter.url}\n")
        if story:
            with Api(reporter.url, token or _of(own).token) as person:
                play(reporter, person, chance)
        else:
            _report(reporter, chance, events=None if seconds else events, seconds=seconds, pause_s=1 / rate)
    print(_where_to_look(reporter.url, story=story))


def _report(reporter: Api, chance: random.Random, *, events: int | None, seconds: float | None, pause_s: float) -> None:
    began = time.monotonic()
    issues: set[str] = set()
    count = 0
    for count, accident in enumerate(accidents(chance), 1):
        logged = reporter.do("LogError", **as_input(accident))
        issues.add(logged["issueShortId"])
        print(_line(accident, logged))
        if count == events or (seconds and time.monotonic() - began >= seconds):
            break
        time.sleep(max(0.0, began + count * pause_s - time.monotonic()))
    print(f"\n{count} errors in {len(issues)} issues, in {time.monotonic() - began:.1f} s; all are on disk.")


def _line(accident: Accident, logged: dict[str, str]) -> str:
    journey, error = accident.journey, accident.error
    news = "new" if logged["isNew"] else "regression" if logged["isRegression"] else "again"
    said = f"{type(error).__name__}: {error}"
    return f"  {logged['issueShortId']:<12} {journey.severity:<8} {news:<10} {said[:90]}"


def _where_to_look(url: str, *, story: bool) -> str:
    lines = [
        "",
        "Where to look:",
        f"  {url} is GraphiQL in a browser; `tocsin credentials` shows the token",
        "  `tocsin tail` in another terminal, while this runs again",
    ]
    return "\n".join(lines if story else [*lines, "  `tocsin demo --story` to assign, resolve and see it come back"])


def _own_credentials() -> Credentials:
    settings = read_settings()
    running = find_running(settings.data_dir)
    return read_credentials(settings.data_dir, running.url if running else settings.base_url)


def _of(own: Credentials | None) -> Credentials:
    assert own is not None, "they were read, as an option was left out"
    return own
