"""What goes past what the library does for each of thousands: texts told to them, pings, and the answers to these.

uvicorn's protocol offers the application an extension to write texts (ASGI, `scope["extensions"]`), which it may do
without.
"""

import struct
from collections.abc import Callable
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.streams import StreamReader

from api.pinging import PAYLOAD_BYTES, Pinger

Write: TypeAlias = Callable[[bytes], bool]

_EXTENSION = "tocsin.text"
# A whole text frame, without a mask, as servers send (RFC 6455, 5.2).
_FINAL_TEXT = 0x81
_SHORT, _MEDIUM = 126, 1 << 16
_SIZE_16, _SIZE_64 = 126, 127
_OF_THE_HANDSHAKE = ("request", "response")
# A final frame with the opcode of a pong and a payload as long as a ping of ours, with a mask, as clients send.
_PONG = bytes((0x8A, 0x80 | PAYLOAD_BYTES))
_MASK_AT = len(_PONG)
_PAYLOAD_AT = _MASK_AT + 4
_PONG_BYTES = _PAYLOAD_AT + PAYLOAD_BYTES
_BETWEEN_FRAMES = StreamReader.at_eof.__code__

_pingers: WeakKeyDictionary[Config, Pinger] = WeakKeyDictionary()


class SocketProtocol(WebSocketsSansIOProtocol):
    """One connection, of which no more is kept than what it needs once it is open, and that has no timer of its own."""

    # For how many turns it has not answered.
    _unanswered = 0

    def start_keepalive(self) -> None:
        """Be asked by the server's pinger from now on."""
        if self.ping_interval:
            self._pinger.join(self)

    def stop_keepalive(self) -> None:
        """Be asked no more."""
        if self.ping_interval:
            self._pinger.leave(self)
        self.pending_ping_payload = None

    def ask(self, ping: bytes, payload: bytes, turns: int | None) -> None:
        """Send this ping, unless one is not answered; after so many turns without an answer close with 1011."""
        if self.close_sent or self.transport.is_closing():
            return
        if self.pending_ping_payload is None:
            self.pending_ping_payload = payload
            self.transport.write(ping)
            return
        self._unanswered += 1
        if turns is not None and self._unanswered >= turns:
            self.keepalive_timeout()

    def data_received(self, data: bytes) -> None:
        """Take the answer to a ping at its word, and leave all else to the library."""
        if len(data) == _PONG_BYTES and data.startswith(_PONG) and self._is_answer(data):
            self.pending_ping_payload = None
            self._unanswered = 0
        else:
            super().data_received(data)

    def handle_pong(self, event: Frame) -> None:
        """Take note of an answer that came together with something else."""
        super().handle_pong(event)
        if self.pending_ping_payload is None:
            self._unanswered = 0

    def handle_connect(self, event: Request) -> None:
        """Offer the writing of texts to the application that is about to begin."""
        super().handle_connect(event)
        if "scope" in self.__dict__:  # which one that is refused has not
            self.scope["extensions"][_EXTENSION] = {"write": self.write_text}

    def handle_text(self, event: Frame) -> None:
        """Hand on what the client says, which it does once the handshake is over, and so no longer needed."""
        for name in _OF_THE_HANDSHAKE:
            self.__dict__.pop(name, None)
        super().handle_text(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave no circle behind."""
        super().connection_lost(exc)
        if "scope" in self.__dict__:
            self.scope["extensions"].pop(_EXTENSION, None)

    @property
    def _pinger(self) -> Pinger:
        """The one of its server."""
        pinger = _pingers.get(self.config)
        if pinger is None:
            pinger = _pingers[self.config] = Pinger(self.loop, self.ping_interval or 0, self.ping_timeout)
        return pinger

    def _is_answer(self, pong: bytes) -> bool:
        """Whether these bytes are the answer to the ping that is under way, and no part of another frame."""
        if self.pending_ping_payload is None or self.conn.state is not OPEN:
            return False
        mask, masked = (int.from_bytes(part) for part in (pong[_MASK_AT:_PAYLOAD_AT], pong[_PAYLOAD_AT:]))
        if mask ^ masked != int.from_bytes(self.pending_ping_payload):
            return False
        # The parser is a generator, which says where it waits for more.
        parsing: Any = self.conn.parser
        while (within := parsing.gi_yieldfrom) is not None:
            parsing = within
        return parsing.gi_code is _BETWEEN_FRAMES

    def write_text(self, text: bytes) -> bool:
        """Whether the text was written; if not, it must be sent the long way, which waits or says what is wrong."""
        if (
            self.conn.state is not OPEN
            or not self.writable.is_set()
            or self.disconnected
            or self.close_sent
            or self.conn.extensions
        ):
            return False
        self.transport.write(framed(text))
        return True


def text_writer(scope: Any) -> Write | None:
    """How texts are written past the library; none where the server has no such way."""
    offered = (scope.get("extensions") or {}).get(_EXTENSION)
    return offered["write"] if offered else None


def framed(text: bytes) -> bytes:
    """The text as one frame."""
    size = len(text)
    if size < _SHORT:
        return struct.pack("!BB", _FINAL_TEXT, size) + text
    if size < _MEDIUM:
        return struct.pack("!BBH", _FINAL_TEXT, _SIZE_16, size) + text
    return struct.pack("!BBQ", _FINAL_TEXT, _SIZE_64, size) + text
