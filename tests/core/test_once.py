import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from core.embedded.valkey import Valkey
from core.once import VALKEY_AWAY, Once


@pytest.fixture
async def once(redis_url: str) -> AsyncIterator[Once]:
    once = Once(redis_url)
    yield once
    await once.close()


async def test_of_many_who_say_a_word_at_once_one_is_first(once: Once, redis_url: str):
    other, word = Once(redis_url), uuid4().hex
    firsts = await asyncio.gather(*(each.is_first(word, 60) for each in [once, other] * 10))
    assert sum(firsts) == 1
    assert await once.is_first(word + "x", 60)
    await other.close()


async def test_a_word_that_was_forgotten_is_new_again(once: Once):
    word = uuid4().hex
    assert await once.is_first(word, 60)
    await once.forget(word)
    assert await once.is_first(word, 60)


async def test_a_word_is_kept_as_long_as_was_said_and_no_longer(once: Once):
    word = uuid4().hex
    await once.is_first(word, 41.5)
    assert 41_500 < await once._valkey.pttl(f"tocsin:once:{word}") <= 43_000


async def test_that_valkey_is_away_is_told(own_valkey: Valkey):
    once = Once(own_valkey.url)
    assert await once.is_first("a", 60)
    own_valkey.stop()
    with pytest.raises(VALKEY_AWAY):
        await once.is_first("b", 60)
    own_valkey.start()
    assert await once.is_first("c", 60)
    await once.close()
