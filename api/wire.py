"""Text frames written as they are: what is told to thousands goes to the transport past what the library does for each.

uvicorn's protocol offers the application an extension (ASGI, `scope["extensions"]`), which it may do without.
"""

import struct
from collections.abc import Callable
from typing import Any, TypeAlias

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import OPEN

Write: TypeAlias = Callable[[bytes], bool]

_EXTENSION = "tocsin.text"
# A whole text frame, without a mask, as servers send (RFC 6455, 5.2).
_FINAL_TEXT = 0x81
_SHORT, _MEDIUM = 126, 1 << 16
_SIZE_16, _SIZE_64 = 126, 127
_OF_THE_HANDSHAKE = ("request", "response")


class SocketProtocol(WebSocketsSansIOProtocol):
    """One connection, of which no more is kept than what it needs once it is open."""

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
