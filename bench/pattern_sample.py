"""Messages whose template is known, made by a seeded generator, to hold the mining of patterns to.

The templates are ours, written in the style of what such programs say; they and what a variable may be stood before
the miner that is measured. Templates are as frequent as the words of a language: few often, most seldom.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from re import Match, compile
from typing import TypeAlias
from uuid import UUID

TEMPLATES = Path(__file__).with_name("pattern_templates.txt")
UNSEEN = Path(__file__).with_name("pattern_templates_unseen.txt")
_VARIABLE = compile(r"\{(\w+)\}")
_SEED = 20171
_STEEPNESS = 0.8
_Make: TypeAlias = Callable[[Random], str]


def _listed(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


_PEOPLE = _listed(
    "bob alice carol dave erin frank grace heidi ivan judy mallory nina oscar peggy rupert sybil trent victor wendy "
    "root admin deploy jenkins backup postgres www-data m.keller j.smith svc_batch anna99"
)
_SURNAMES = _listed("Okafor Lindqvist Moreau Tanaka Silva Novak Haddad O'Brien Petrov Schmidt Rossi Kowalska")
_WORDS = _listed(
    "apple river stone cloud nginx python3 java chrome orders billing search mobile north south east web api auth "
    "celery cron kafka sidekiq worker editor viewer owner staging shop blog media images reports sessions default "
    "primary green blue red main backup hamburg paris tokyo"
)
_TABLES = _listed("users orders order_items invoices payments products carts sessions events accounts audit_log teams")
_COLUMNS = _listed("id name email price userId created_at total status onClick quantity map length address zip items")
_CLASSES = _listed(
    "OrderService UserRepository com.acme.billing.Invoice Cart App\\Models\\User HomeActivity PaymentController "
    "java.util.ArrayList NoneType str int dict org.example.web.Filter SettingsScreen Order"
)
_METHODS = _listed("getName handleRequest process_order save run toString fetchAll __init__ on_message computeTax")
_KEYS = _listed(
    "orders_pkey users_email_key app.mail.retries cart:items reports.daily payments-v2 user_profile search.index "
    "com.acme.shop billing.sync session_store feature.flags product-images fk_order_user assets"
)
_TOPICS = _listed("orders payments.events user-signups mail.outgoing stock_changes clicks audit.log images-resize")
_REASONS = _listed(
    "timeout|insufficient funds|connection reset by peer|do not honor|no space left on device|expired|"
    "certificate has expired|permission denied|unknown host|quota exceeded|too many open files|bad credentials",
    "|",
)
_PHRASES = _listed(
    "red shoes|Blue Jacket|hat|Garden Chair, wood|summer sale|tea|Winter Boots Size 42|nightly cleanup|JBL Flip 5|"
    "Welcome mail|socks|invoice reminder|coffee mug|unexpected end of file|context canceled|X-Custom",
    "|",
)
_PREFIXES = _listed("ch cus in po blk")
_DEVICES = _listed("Pixel iPhone14,2 SM-G991B iPad OnePlus Redmi moto")
_FILES = _listed("index.html report.pdf libc.so.6 base.twig data_2024.csv main.js logo.png orders.xml backup.tar.gz")
_DIRECTORIES = _listed("/var/lib /srv/app/releases /home/deploy /tmp /opt/acme/etc C:\\inetpub /data /usr/share")
_HOSTS = _listed("db-3.internal redis.prod web01 cache-7 mail.example.org kafka-0.kafka node-12 api.example.com")
_ROUTES = _listed("/ /login /cart /api/v1/orders /api/v1/orders/{int} /users/{int}/avatar /checkout /search?q={word}")


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and of which template it is."""

    label: int
    family: str
    text: str


def templates(file: Path = TEMPLATES) -> list[tuple[str, str]]:
    """Every template, with its family."""
    found, family = [], ""
    for line in file.read_text().splitlines():
        if line.startswith("["):
            family = line.strip("[]")
        elif line and not line.startswith("#"):
            found.append((family, line))
    return found


def sample(size: int = 20_000, file: Path = TEMPLATES) -> list[Said]:
    """So many messages, the same ones each time."""
    random, known = Random(_SEED), templates(file)
    ranks = random.sample(range(len(known)), len(known))
    weights = [1 / (rank + 1) ** _STEEPNESS for rank in ranks]
    labels = random.choices(range(len(known)), weights, k=size)
    return [Said(label, known[label][0], say(known[label][1], random)) for label in labels]


def say(template: str, random: Random) -> str:
    """The template with something in place of each variable."""

    def value(match: Match[str]) -> str:
        return say(_KINDS[match[1]](random), random)

    return _VARIABLE.sub(value, template)


def _one_of(values: str | Sequence[str]) -> _Make:
    """Any of the values, or of the words of a text."""
    several = values.split() if isinstance(values, str) else values
    return lambda random: random.choice(several)


def _number(most: int) -> _Make:
    """Small ones and large ones are as likely."""
    return lambda random: str(random.randrange(10 ** random.randint(1, len(str(most)) - 1)))


def _hex(random: Random) -> str:
    return f"0x{random.getrandbits(48):012x}" if random.random() < 1 / 3 else f"{random.getrandbits(96):024x}"


def _id(random: Random) -> str:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return f"{random.choice(_PREFIXES)}_{''.join(random.choices(signs, k=20))}"


def _ip(random: Random) -> str:
    if random.random() < 0.1:
        return f"2001:db8::{random.getrandbits(16):x}:{random.getrandbits(16):x}"
    return ".".join(str(random.randint(1, 254)) for _ in range(4))


def _several(make: _Make, random: Random, *, around: str = "") -> str:
    text = ", ".join(make(random) for _ in range(random.randint(1, 5)))
    return f"{around[0]}{text}{around[1]}" if around else text


def _path(random: Random) -> str:
    between = "".join(f"/{random.choice(_WORDS)}" for _ in range(random.randint(0, 2)))
    return f"{random.choice(_DIRECTORIES)}{between}/{random.choice(_FILES)}"


def _amount(random: Random) -> str:
    value = f"{random.randrange(1, 500_000) / 100:,.2f}"
    return random.choice([f"{value} EUR", f"{value} USD", f"{value} GBP"])


def _clock(random: Random) -> Iterator[str]:
    yield from (f"{random.randint(low, high):02d}" for low, high in ((1, 12), (1, 28), (0, 23), (0, 59), (0, 59)))


def _time(random: Random) -> str:
    month, day, hour, minute, second = _clock(random)
    return random.choice([f"2026-{month}-{day}T{hour}:{minute}:{second}Z", f"2026-{month}-{day} {hour}:{minute}"])


def _date(random: Random) -> str:
    return _time(random)[:10]


_KINDS: dict[str, _Make] = {
    "int": _number(1_000_000),
    "n": _number(100),
    "float": lambda random: f"{random.random() * 100:.2f}",
    "status": _one_of("400 401 403 404 409 422 429 500 502 503 504"),
    "size": lambda random: random.choice(["{int} bytes", "{n}.5 MB", "{int}KB", "{n} GiB"]),
    "ms": lambda random: f"{random.randrange(1, 60_000)}{random.choice(['ms', ' ms'])}",
    "s": lambda random: random.choice(["{n}s", "{n}.25s", "{n} seconds", "{n} s"]),
    "ip": _ip,
    "ipport": lambda random: f"10.{random.randint(0, 255)}.0.{random.randint(1, 254)}:{random.randint(1024, 65535)}",
    "host": _one_of(_HOSTS),
    "hosts": partial(_several, _one_of(_HOSTS)),
    "url": lambda random: f"https://{random.choice(_HOSTS)}/{random.choice(_WORDS)}?id={random.randrange(10**6)}",
    "route": _one_of(_ROUTES),
    "path": _path,
    "file": _one_of(_FILES),
    "email": lambda random: f"{random.choice(_PEOPLE)}@{random.choice(['example.org', 'acme.test', 'mail.example'])}",
    "emails": partial(_several, _one_of(["{email}"])),
    "user": _one_of(_PEOPLE),
    "name": lambda random: f"{random.choice(_PEOPLE[:19]).title()} {random.choice(_SURNAMES)}",
    "uuid": lambda random: str(UUID(int=random.getrandbits(128), version=4)),
    "hex": _hex,
    "id": _id,
    "time": _time,
    "date": _date,
    "word": _one_of(_WORDS),
    "words": partial(_several, _one_of(_WORDS)),
    "names": partial(_several, lambda random: f"'{random.choice(_COLUMNS)}'"),
    "list": partial(_several, _one_of(_WORDS), around="[]"),
    "ints": partial(_several, _number(1000), around="[]"),
    "quoted": lambda random: f'"{random.choice(_PHRASES)}"',
    "reason": _one_of(_REASONS),
    "table": _one_of(_TABLES),
    "column": _one_of(_COLUMNS),
    "class": _one_of(_CLASSES),
    "method": _one_of(_METHODS),
    "key": _one_of(_KEYS),
    "topic": _one_of(_TOPICS),
    "thread": lambda random: random.choice(["main", "pool-{n}-thread-{n}", "http-nio-{int}-exec-{n}", "scheduler"]),
    "device": _one_of(_DEVICES),
    "version": lambda random: f"{random.randint(1, 9)}.{random.randint(0, 20)}.{random.randint(0, 9)}",
    "currency": _one_of("EUR USD GBP JPY CHF SEK PLN"),
    "country": _one_of("DE FR US GB JP Brazil Norway NZ"),
    "region": _one_of("eu-central-1 us-east-1 ap-south-2 eu-west-3"),
    "amount": _amount,
    "dev": _one_of("sda sdb1 nvme0n1 eth0 eth1 md0 ens192"),
    "pod": lambda random: f"{random.choice(_WORDS)}-{random.getrandbits(36):09x}-{random.getrandbits(20):05x}",
    "char": _one_of(list("<}{o;u,")),
    "code": lambda random: f"{random.choice(['SUMMER', 'HELLO', 'VIP'])}{random.randrange(1000)}",
    "state": _one_of("NEW LOCALIZING LOCALIZED RUNNING DONE KILLING EXITED_WITH_FAILURE"),
    "lang": _one_of("de fr pt-BR zh_Hant ja sv"),
}
