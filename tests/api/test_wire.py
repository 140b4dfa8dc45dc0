"""Texts that are written past the library are what it would have written."""

import gc

import pytest
from websockets.frames import Frame, Opcode

from api.wire import SocketProtocol, framed
from tests.support.socket import admitted, log


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_that_of_the_library(size):
    text = b"x" * size
    assert framed(text) == Frame(Opcode.TEXT, text).serialize(mask=False)


async def test_of_an_open_socket_the_handshake_is_not_kept(served):
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe()
        await client.item()
        await log(served)
        await client.event()
        (open_one,) = [each for each in gc.get_objects() if type(each) is SocketProtocol and not each.disconnected]
        assert not {"request", "response"} & set(vars(open_one))
