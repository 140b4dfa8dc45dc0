"""OpenTelemetry's own SDK and exporters, unmodified, as programs of their own."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.support.serving import Served

PROGRAMS = Path(__file__).parent / "otel_sdks"
PATIENCE_S = 30
EVENTS = """{ events { nodes {
  service environment release severity errorType message endpoint source traceId spanId ingestNotes sdk { name }
  exceptions { type message frames { function filename inApp } } user { id } contexts request { method url }
} } }"""


async def run(served: Served, program: str, **more: str) -> None:
    """Run the program to its end, with nothing but what the specification has for exporters in its environment."""
    environment = {
        "PATH": os.environ["PATH"],  # noqa: TID251 - handed on, not read
        "NO_PROXY": "*",
        "OTEL_EXPORTER_OTLP_ENDPOINT": served.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"Authorization=Bearer%20{served.credentials.ingest_key}",
        "OTEL_SERVICE_NAME": "checkout",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=staging,service.version=2.4.1",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        program,
        env=environment,
        cwd=PROGRAMS,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 0, printed.decode()
    assert b"Failed to export" not in printed, printed.decode()


async def events(served: Served) -> list[dict]:
    answer = await served.ask(EVENTS)
    assert "errors" not in answer, answer
    return answer["data"]["events"]["nodes"]


def check_circumstances(event: dict) -> None:
    assert (event["service"], event["environment"], event["release"]) == ("checkout", "staging", "2.4.1")
    assert (event["source"], event["sdk"]["name"]) == ("OTLP", "opentelemetry")
    assert event["ingestNotes"] == []


def check_raised(event: dict, message: str) -> None:
    check_circumstances(event)
    assert event["errorType"].endswith("PaymentDeclined")
    assert event["message"] == message
    frame = event["exceptions"][-1]["frames"][-1]
    assert (frame["function"], frame["inApp"]) == ("charge", True)


@pytest.mark.parametrize("compression", ["gzip", "deflate", "none"])
async def test_exceptions_that_spans_record(served: Served, compression: str):
    await run(served, "traces.py", OTEL_EXPORTER_OTLP_COMPRESSION=compression)
    (event,) = await events(served)
    check_raised(event, "by a span 1999")
    assert event["endpoint"] == "POST /pay"
    assert event["request"] == {"method": "POST", "url": "https://x.y/pay?token=[REDACTED]"}
    assert event["user"] == {"id": "u-7"}
    assert len(event["traceId"]) == 32
    assert len(event["spanId"]) == 16


async def test_errors_that_are_logged(served: Served):
    await run(served, "logs.py")
    found = {event["message"]: event for event in await events(served)}
    assert set(found) == {"by a log 1999", "mail 42 could not be sent"}
    raised, said = found["by a log 1999"], found["mail 42 could not be sent"]
    check_raised(raised, "by a log 1999")
    check_circumstances(said)
    assert said["errorType"] == "shop.mailer"
    assert said["contexts"]["attributes"]["password"] == "[REDACTED]"
