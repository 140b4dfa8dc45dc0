"""A Valkey for one test, which may be killed and started again."""

from collections.abc import Iterator

import pytest

from core.embedded.valkey import Valkey
from tests.support.servers import Servers


@pytest.fixture
def own_valkey(servers: Servers) -> Iterator[Valkey]:
    valkey = Valkey(servers.valkey._quarters)
    valkey._directory = servers.directory / "own-valkey"
    valkey.start()
    yield valkey
    valkey.stop()
