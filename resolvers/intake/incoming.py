"""A report on its way to the disk: everything that the flush needs, worked out before the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

import orjson

from core.ids import uuid7
from domain.claims import Key
from domain.grouping import GroupingKind
from domain.report import IngestOutcome, Report
from domain.title import culprit, title
from domain.versions import PRESENT, Versions
from models.payload import pack

_USER_HASH_BYTES = 12
MOST_TAGS = 20
# What is stored of a report besides its columns.
_STORED = (
    "exceptions", "raw_stack_trace", "module", "function", "line", "endpoint", "request", "response", "user",
    "session_id", "server_name", "trace_id", "span_id", "tags", "contexts", "breadcrumbs", "fingerprint", "rules",
    "sdk", "dist",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Incoming:
    """One report, ready to be stored. Its id is made here, before the first try, so that a retry is harmless."""

    id: UUID
    project_id: UUID
    event_id: str
    is_reporters_id: bool
    report: Report
    keys: tuple[Key, ...]
    kinds: tuple[GroupingKind, ...]
    version: int
    title: str
    culprit: str | None
    user_hash: bytes | None
    payload: bytes
    received_at: datetime
    occurred_at: datetime
    old_keys: tuple[Key, ...] = ()
    # The day on which it left the spool: news are read by the day of their writing.
    late_on: date | None = None

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """Its keys, and behind them those of the version before, which may lead to its issue and are never claimed."""
        return self.keys + self.old_keys

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        return len(self.payload) + len(self.report.message) + 1000


@dataclass(slots=True)
class Stored:
    """What became of one report."""

    outcome: IngestOutcome
    event_id: str
    row_id: UUID | None = None
    issue_id: UUID | None = None
    short_id: str | None = None
    is_new: bool = False
    is_regression: bool = False
    refusal: str | None = None
    reason: str | None = None  # what PostgreSQL says, for us


def prepare(report: Report, *, project_id: UUID, received_at: datetime, versions: Versions = PRESENT) -> Incoming:
    """The report with its id, its grouping keys and its stored form."""
    grouping = versions.current(report)
    row_id = uuid7(received_at)
    return Incoming(
        id=row_id,
        project_id=project_id,
        event_id=report.event_id or row_id.hex,
        is_reporters_id=report.event_id is not None,
        report=report,
        keys=tuple([(project_id, key.hash) for key in grouping.keys]),
        kinds=tuple([key.kind for key in grouping.keys]),
        version=grouping.version,
        title=title(report),
        culprit=culprit(report),
        user_hash=_user_hash(report),
        payload=_payload(report),
        received_at=received_at,
        occurred_at=report.occurred_at or received_at,
        old_keys=tuple((project_id, hash) for hash in versions.old_hashes(report)),
    )


def _user_hash(report: Report) -> bytes | None:
    """A digest of who it happened to: the first that is known of id, mail, name, address."""
    return user_digest(report.user) if report.user else None


def user_digest(user: Mapping[str, str]) -> bytes | None:
    """A digest of who that is; none of nobody."""
    for name in ("id", "email", "username", "ip_address"):
        if value := user.get(name):
            return blake2b(f"{name}:{value}".encode(), digest_size=_USER_HASH_BYTES).digest()
    return None


def noted_tags(tags: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The tags by which an event and its issue can be searched: the first 20."""
    return tags[:MOST_TAGS]


def noted_tags_json(tags: Sequence[tuple[str, str]]) -> str | None:
    """How they stand beside the payload; none where there are none."""
    return orjson.dumps(dict(noted_tags(tags))).decode() if tags else None


def _payload(report: Report) -> bytes:
    """The stored form of what is no column; what was not given, or is empty, is left out."""
    values = vars(report)
    given = {name: value for name in _STORED if (value := values[name]) or value == 0}
    return pack(orjson.dumps(given, option=orjson.OPT_NON_STR_KEYS))
