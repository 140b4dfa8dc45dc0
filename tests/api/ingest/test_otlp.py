"""OpenTelemetry's doors, asked as exporters ask."""

import gzip
import json

import httpx
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs

from models import Event
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows, only_row
from tests.support.serving import Served

JSON, BINARY = "application/json", "application/x-protobuf"


def record(message: str, at: int = 1) -> LogRecord:
    named = {"exception.type": "ValueError", "exception.message": message}
    attributes = [KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in named.items()]
    return LogRecord(time_unix_nano=at, severity_number=17, attributes=attributes, trace_id=b"\x01" * 16)


def batch(*records: LogRecord) -> bytes:
    logs = ResourceLogs(scope_logs=[ScopeLogs(log_records=records)])
    return ExportLogsServiceRequest(resource_logs=[logs]).SerializeToString()


async def post(
    served: Served, content: object, *, to: str = "/v1/logs", kind: str = BINARY, **headers: str
) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"Authorization": f"Bearer {served.credentials.ingest_key}", "Content-Type": kind, **headers}
    async with plain_http() as client:
        return await client.post(served.url + to, content=body, headers=headers)


@pytest.mark.parametrize("packed", [True, False])
async def test_binary_is_answered_in_binary(served: Served, packed):
    content = batch(record("boom"))
    more = {"Content-Encoding": "gzip"} if packed else {}
    answer = await post(served, gzip.compress(content) if packed else content, **more)
    assert (answer.status_code, answer.headers["content-type"]) == (200, BINARY)
    assert ExportLogsServiceResponse.FromString(answer.content) == ExportLogsServiceResponse()
    event = await only_row(served.res, Event)
    assert (event.error_type, event.message, event.source, event.service) == (
        "ValueError",
        "boom",
        "OTLP",
        "unknown_service",
    )
    assert event.payload["trace_id"] == "01" * 16


async def test_json_is_answered_in_json(served: Served):
    request = {
        "resourceLogs": [{"scopeLogs": [{"logRecords": [{"severityNumber": 17, "body": {"stringValue": "boom"}}]}]}]
    }
    answer = await post(served, request, kind=f"{JSON}; charset=utf-8")
    assert (answer.status_code, answer.json(), answer.headers["content-type"]) == (200, {}, JSON)
    assert (await only_row(served.res, Event)).message == "boom"


async def test_a_batch_that_is_sent_again_is_stored_once(served: Served):
    content = batch(record("boom"), record("boom", at=2))
    for _ in range(2):
        assert (await post(served, content)).status_code == 200
    assert len(await all_rows(served.res, Event)) == 2


async def test_errors_that_name_no_time_are_all_stored(served: Served):
    for _ in range(2):
        assert (await post(served, batch(record("boom", at=0), record("boom", at=0)))).status_code == 200
    assert len(await all_rows(served.res, Event)) == 4


async def test_more_than_one_call_takes_are_all_stored(served: Served):
    assert (await post(served, batch(*(record("boom", at) for at in range(1, 1202))))).status_code == 200
    assert len(await all_rows(served.res, Event)) == 1201


async def test_what_cannot_be_stored_is_counted(served: Served):
    async with served.res.db.raw.acquire() as connection:
        await connection.execute("ALTER TABLE event ADD CONSTRAINT poison CHECK (message <> 'poison')")
    content = batch(record("boom"), record("poison"))
    told = ExportLogsServiceResponse.FromString((await post(served, content)).content).partial_success
    assert told.rejected_log_records == 1
    assert "cannot store" in told.error_message
    request = {
        "resourceLogs": [{"scopeLogs": [{"logRecords": [{"severityNumber": 17, "body": {"stringValue": "poison"}}]}]}]
    }
    answer = (await post(served, request, kind=JSON)).json()
    assert answer["partialSuccess"]["rejectedLogRecords"] == "1"


async def test_what_holds_no_error_is_passed_over(served: Served):
    assert (await post(served, b"")).status_code == 200
    assert (await post(served, {}, to="/v1/traces", kind=JSON)).json() == {}
    assert (await post(served, ExportTraceServiceRequest().SerializeToString(), to="/v1/traces")).content == b""
    assert await all_rows(served.res, Event) == []


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"\xff\xff", BINARY, "no ExportLogsServiceRequest"),
        (b"{", JSON, "no JSON"),
        (b"{}", BINARY, "Content-Type application/json"),
    ],
)
async def test_what_cannot_be_read_is_said(served: Served, content, kind, says):
    answer = await post(served, content, kind=kind)
    assert answer.status_code == 400
    assert says in answer.json()["message"]


async def test_who_may_not_report_and_when_to_try_again(served: Served):
    assert (await post(served, b"", Authorization="Bearer -")).status_code == 401
    served.res.writer.close()
    answer = await post(served, batch(record("boom")))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
