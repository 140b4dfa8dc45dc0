"""Learn the dictionary that stored payloads are compressed with: `python -m bench.payload_dictionary FILE`.

What is stored names its dictionary by the first byte, so a new one is a new format beside the old, never in its place.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from backports import zstd

from bench.payload_samples import plain_reports, sentry_events
from domain.dialects.graphql import report_from_input
from domain.dialects.sentry.event import report_from_event
from domain.report import IngestSource, Report
from models.payload import unpack
from resolvers.intake.incoming import prepare

_BYTES = 32 * 1024
_SHOPS, _TIMES, _PLAIN = 40, 4, 200
_PROJECT = UUID(int=1)
_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def payloads(random: Random, shops: int = _SHOPS, times: int = _TIMES) -> Iterator[bytes]:
    """Payloads as JSON, of many shops."""
    for event in sentry_events(random, shops, times):
        yield _as_json(report_from_event(event, service="shop", received_at=_AT))
    for fields in plain_reports(random, _PLAIN):
        yield _as_json(report_from_input(fields, received_at=_AT, source=IngestSource.REST))


def _as_json(report: Report) -> bytes:
    return unpack(prepare(report, project_id=_PROJECT, received_at=_AT).payload)


def main() -> None:
    """Write the dictionary."""
    samples = list(payloads(Random(20)))
    Path(sys.argv[1]).write_bytes(zstd.train_dict(samples, _BYTES).dict_content)


if __name__ == "__main__":
    main()
