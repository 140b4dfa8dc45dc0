"""What goes past the library is what it would have been there."""

import gc

import pytest
from websockets.frames import Frame, Opcode

from api.wire import SocketProtocol, framed
from tests.support.socket import admitted, connected, log


def framed_by_client(text: bytes, mask: bytes = b"\0\0\0\0") -> bytes:
    """The short text as one frame, as clients send."""
    masked = bytes(each ^ mask[place % 4] for place, each in enumerate(text))
    return bytes((0x81, 0x80 | len(text))) + mask + masked


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_that_of_the_library(size):
    text = b"x" * size
    assert framed(text) == Frame(Opcode.TEXT, text).serialize(mask=False)


def the_open_one() -> SocketProtocol:
    """The server's end of the only socket."""
    (found,) = [each for each in gc.get_objects() if type(each) is SocketProtocol and not each.disconnected]
    return found


async def test_of_an_open_socket_the_handshake_is_not_kept(served):
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe()
        await client.item()
        await log(served)
        await client.event()
        open_one = the_open_one()
        assert not {"request", "response"} & set(vars(open_one))


async def test_an_answer_is_known_by_what_the_ping_brought(served):
    async with connected(served.ws_url):
        socket = the_open_one()
        socket.ask(b"\x89\x04abcd", b"abcd", 1)
        for other in (b"\x8a\x84\0\0\0\0abce", b"\x8a\x83\0\0\0\0abc"):
            socket.data_received(other)
            assert socket.pending_ping_payload == b"abcd"
        socket.data_received(b"\x8a\x84\1\2\3\4" + bytes(a ^ b for a, b in zip(b"abcd", b"\1\2\3\4", strict=True)))
        assert socket.pending_ping_payload is None
        # The library, which would have noted how long that took, was not asked: what is looked at in it is still so.
        assert not socket.last_ping_rtt


@pytest.mark.parametrize("beside", [b"", framed_by_client(b'{"type": "ping"}')])
async def test_an_answer_may_come_in_pieces_and_with_something_else(served, beside):
    async with connected(served.ws_url) as client:
        socket = the_open_one()
        socket.ask(b"\x89\x04abcd", b"abcd", 1)
        whole = b"\x8a\x84\0\0\0\0abcd" + beside
        socket.data_received(whole[:5])
        socket.data_received(whole[5:])
        assert socket.pending_ping_payload is None
        if beside:
            assert await client.next() == {"type": "pong"}


async def test_what_looks_like_an_answer_within_a_message_is_part_of_that(served):
    message = b'{"type": "ping", "payload": {"said": "abcdefghij"}}'
    start = message.index(b"abcd")
    message = b" " * (-start % 4) + message
    start = message.index(b"abcd")
    brought = bytes(message[start + place] ^ message[start + place + 4] for place in range(2, 6))
    mask = bytes((message[start] ^ 0x8A, message[start + 1] ^ 0x84, 0, 0))
    whole = framed_by_client(message, mask)
    start += len(whole) - len(message)
    async with connected(served.ws_url) as client:
        socket = the_open_one()
        socket.ask(b"\x89\x04" + brought, brought, 1)
        socket.data_received(whole[:start])
        piece = whole[start : start + 10]
        assert piece.startswith(b"\x8a\x84")
        socket.data_received(piece)
        assert socket.pending_ping_payload == brought
        socket.data_received(whole[start + 10 :])
        assert await client.next() == {"type": "pong", "payload": {"said": "abcdefghij"}}


async def test_who_has_not_answered_for_so_many_turns_is_closed_and_asked_no_more(served):
    async with connected(served.ws_url) as client:
        socket = the_open_one()
        socket.transport.pause_reading()
        for _ in range(2):
            socket.ask(b"\x89\x04abcd", b"abcd", 2)
        assert not socket.close_sent
        for _ in range(2):
            socket.ask(b"\x89\x04abcd", b"abcd", 2)
        assert socket.close_sent
        assert await client.closed() == (1011, "keepalive ping timeout")


async def test_who_is_given_no_time_is_asked_for_ever(served):
    async with connected(served.ws_url):
        socket = the_open_one()
        for _ in range(3):
            socket.ask(b"\x89\x04abcd", b"abcd", None)
        assert not socket.close_sent
