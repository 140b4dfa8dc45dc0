"""Takes notifications by webhook: only those that Tocsin signed just now, and each only once."""

import hmac
import json
import os
import re
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET, PORT = os.environ["SECRET"], int(os.environ.get("PORT", "8000"))
WINDOW_S, MOST_BYTES = 300, 1_000_000
SIGNED = re.compile(r"t=(\d{1,11}),v1=([0-9a-f]{64})", re.ASCII)
signatures: dict[str, float] = {}  # of the last five minutes, and when they came; what is older is refused anyway
handled: set[str] = set()  # notifications; where several processes take them, a table with a unique key


def status_for(header: str, body: bytes, now: float) -> int:
    signed = SIGNED.fullmatch(header)
    if not signed or abs(now - int(signed[1])) > WINDOW_S:
        return 401  # not signed, or recorded by somebody and sent again later
    expected = hmac.new(SECRET.encode(), signed[1].encode() + b"." + body, "sha256").hexdigest()
    if not hmac.compare_digest(expected, signed[2]):
        return 401
    for old in [one for one, came in signatures.items() if now - came > 2 * WINDOW_S]:
        del signatures[old]
    if expected in signatures:
        return 409  # the very same request: Tocsin signs each try anew
    signatures[expected] = now
    return 200


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if size <= MOST_BYTES else b""
        status = status_for(self.headers.get("X-Tocsin-Signature", ""), body, time.time())
        if status == 200:
            self.handle_once(json.loads(body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def handle_once(self, told: dict) -> None:
        if told["id"] not in handled:  # a second try comes where our answer to the first was lost
            handled.add(told["id"])
            print(told["kind"], told["subject"], told["url"], flush=True)

    def log_message(self, *_: object) -> None:
        """Print nothing but what was told."""


with HTTPServer(("127.0.0.1", PORT), Receiver) as server:
    print("listening on", server.server_port, flush=True)
    server.serve_forever()
