"""Work that only logs what went wrong, without a stack: `main.py BUG NUMBER` prints the error as a reporter would send it."""

import json
import logging
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import datetime, timedelta

BREAK = "\x1e"
BUG, NUMBER = sys.argv[1], int(sys.argv[2])
DICE = random.Random(NUMBER * 7919 + 13)
NAMES = ["mug", "lamp", "oak chair", "desk", "rug", "Vase No. 7", "clock", "stool"]
NAME = NAMES[NUMBER % 8]
ID = uuid.UUID(int=DICE.getrandbits(128), version=4)
HEX = f"{DICE.getrandbits(64):016x}"
IP = f"10.{NUMBER}.{DICE.randrange(256)}.{DICE.randrange(256)}"
MAIL = f"{DICE.choice(['ann', 'bob.b', 'c+shop'])}{NUMBER}@{DICE.choice(['example.com', 'mail.example.org'])}"
AT = datetime(2026, 3, 1) + timedelta(seconds=DICE.randrange(10**7), microseconds=DICE.randrange(10**6))


class Told(logging.Handler):
    def emit(self, record):
        print(BREAK.join([record.name, record.getMessage(), ""]), end="")


logging.getLogger().addHandler(Told())
log = logging.getLogger("shop.worker")
mail = logging.getLogger("shop.mail")


def attempt(call, *arguments, **options):
    """Log what an operation of the system says."""
    try:
        call(*arguments, **options)
    except Exception as error:
        log.error("%s", error)


def unique_rows():
    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE item (name TEXT UNIQUE)")
    store.execute("INSERT INTO item VALUES (?)", (NAME,))
    attempt(store.execute, "INSERT INTO item VALUES (?)", (NAME,))


def missing_table():
    attempt(sqlite3.connect(":memory:").execute, "SELECT * FROM orders")


def refused():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    try:
        socket.create_connection(("127.0.0.1", port), 1)
    except OSError as error:
        log.error(
            "connect to 127.0.0.1:%d failed after %.2fms: %s", port, (time.monotonic() - began) * 1000, error.strerror
        )


def temporary_file():
    with tempfile.NamedTemporaryFile(prefix="tmp") as gone:
        name = gone.name
    attempt(open, name)


def slow_command():
    attempt(subprocess.run, ["sleep", "3"], timeout=0.01 + NUMBER / 1000)


BUGS = {
    "unique-rows": unique_rows,
    "missing-table": missing_table,
    "connection-refused": refused,
    "temporary-file": temporary_file,
    "slow-command": slow_command,
    "json-position": lambda: attempt(json.loads, '{"a": [' + " " * NUMBER + "}"),
    "not-an-integer": lambda: attempt(int, f"{NAME}{NUMBER}"),
    "order-not-found": lambda: log.error("order %d not found", 1000 + DICE.randrange(10**6)),
    "invoice-not-found": lambda: log.error("invoice %d not found", 1000 + DICE.randrange(10**6)),
    "session-expired": lambda: log.error("session %s of user %d expired %s", ID, NUMBER, AT.isoformat() + "Z"),
    "session-stolen": lambda: log.error("session %s of user %d used from %s and %s", ID, NUMBER, IP, "192.168.1.7"),
    "mail-bounced": lambda: mail.error("mail to <%s> bounced: 550 mailbox unavailable", MAIL),
    "mail-deferred": lambda: mail.error("mail to <%s> deferred for %d minutes", MAIL, NUMBER + 1),
    "slow-query": lambda: log.error("query %s took %.1fms (limit 500ms)", HEX, 500 + DICE.random() * 900),
    "bad-gateway": lambda: log.error("GET https://api.example.com/v2/orders/%s?page=%d gave 502", HEX, NUMBER),
    "bad-certificate": lambda: log.error("GET https://api.example.com/v2/orders/%s: certificate has expired", HEX),
    "checksum-differs": lambda: log.error("checksum of /data/parts/%s.bin is %s, not %s", ID, HEX, HEX[::-1]),
    "disk-full": lambda: log.error("/var/lib/shop is %d%% full, %.1f GB left", 90 + NUMBER, DICE.random() * 5),
    "memory-limit": lambda: log.error("worker %d uses %dMiB, stopped", NUMBER, 512 + DICE.randrange(99)),
    "path-404": lambda: log.error("/users/%d/carts/%s answered 404 in %d ms", NUMBER, HEX[:12], DICE.randrange(900)),
    "job-late": lambda: log.error("[%s] job %s is late", AT.strftime("%d/%b/%Y:%H:%M:%S +0000"), f"job_{HEX}"),
    "retry-failed": lambda: log.error("retry %d of 9 for key=%r at 0x%x", NUMBER, NAME, DICE.getrandbits(40)),
    "price-changed": lambda: log.error(
        "price of %s changed from %.2f EUR to %.2f EUR", f"SKU-{1000 + NUMBER}", NUMBER + 0.99, NUMBER + 1.49
    ),
    # What varies is a word that stands free, which no rule can tell from the text around it.
    "free-word": lambda: log.error("no picture for %s", NAME),
}

BUGS[BUG]()
