"""`tocsin worker`: the worker alone."""

import uvloop

from cli.configuration import read_settings_with_stores
from cli.migrated import wait_migrated
from core import log
from core.settings import Settings
from tasks.worker import run


def main() -> None:
    """Run the worker alone."""
    settings = read_settings_with_stores()
    log.configure(settings.log_level, settings.log_format)
    uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    assert settings.database_url is not None
    await wait_migrated(settings.database_url)
    await run(settings)
