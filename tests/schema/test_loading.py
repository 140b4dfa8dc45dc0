import asyncio

from domain.access import system
from schema.loading import Loading


class Doubling(Loading):
    def __init__(self, res):
        super().__init__(res, system(), keep=False)
        self.asked = []
        self.double = self._load(self._doubled)

    async def _doubled(self, _res, _actor, keys):
        self.asked.append(list(keys))
        return [2 * key for key in keys]


async def test_what_several_ask_for_together_is_asked_for_once(res):
    loaders = Doubling(res)
    assert await asyncio.gather(*map(loaders.double.load, (1, 2, 1))) == [2, 4, 2]
    assert loaders.asked == [[1, 2]]
