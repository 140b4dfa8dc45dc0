"""The shop really breaks, and Tocsin is told through its public API."""

import asyncio
import random
import subprocess
from typing import Any

import pytest

from cli.demo.capture import as_input
from cli.demo.traffic import JOURNEYS, Accident, Journey, have_accident
from tests.support.running import tocsin
from tests.support.serving import Served
from tests.support.worker import running_worker

EVENTS = """{ events(first: 20) { nodes {
  environment issue { shortId } request { headers } exceptions { frames { variables } } } } }"""


def accident(journey: Journey) -> Accident:
    return have_accident(journey, random.Random(1))


def seen(journey: Journey) -> dict[str, Any]:
    return as_input(accident(journey))


async def demo(served: Served, *options: str) -> subprocess.CompletedProcess[str]:
    reach = ("--url", served.url + "/graphql", "--key", served.credentials.ingest_key)
    return await asyncio.to_thread(tocsin, "demo", *reach, *options)


def test_every_journey_ends_in_an_error_of_its_own():
    ends = [(type(accident(journey).error), str(accident(journey).error).split("'")[0]) for journey in JOURNEYS]
    assert len({kind for kind, _ in ends}) >= 10
    assert {journey.service for journey in JOURNEYS} == {"checkout", "billing", "search", "mailer", "imports"}
    assert {"HIGH", "CRITICAL"} < {journey.severity for journey in JOURNEYS}


def test_the_stack_leads_to_the_line_that_raised():
    (thrown,) = seen(JOURNEYS[0])["exceptions"]
    innermost = thrown["frames"][-1]
    assert (thrown["type"], thrown["message"]) == ("KeyError", "'SKU-1009'")
    assert (innermost["module"], innermost["function"]) == ("cli.demo.shop.catalogue", "price_of")
    assert innermost["contextLine"].strip() == "return PRICES[line.sku] * line.quantity"
    assert "SKU-1009" in innermost["variables"]["line"]


def test_causes_come_first():
    (refused,) = [journey for journey in JOURNEYS if journey.endpoint == "POST /billing/charges"]
    chain = seen(refused)["exceptions"]
    assert [exception["type"] for exception in chain] == ["ConnectionRefusedError", "PaymentFailed"]


def test_a_cause_that_was_taken_back_is_left_out():
    try:
        try:
            raise KeyError("hidden")  # noqa: TRY301 - the point
        except KeyError:
            raise ValueError("shown") from None
    except ValueError as error:
        told = as_input(Accident(JOURNEYS[0], accident(JOURNEYS[0]).visit, error))
    assert [exception["message"] for exception in told["exceptions"]] == ["shown"]


async def test_what_broke_is_reported_without_its_customers_secrets(served: Served):
    done = await demo(served, "--events", "16", "--rate", "1000", "--seed", "7")
    assert (done.returncode, done.stderr) == (0, "")
    assert "16 errors in 12 issues" in done.stdout
    events = (await served.ask(EVENTS))["data"]["events"]["nodes"]
    assert len(events) == 16
    assert [event for event in events if event["issue"]["shortId"] not in done.stdout] == []
    assert {event["environment"] for event in events} == {"production", "staging"}
    assert "holder" in str(events)
    assert "4242 4242" not in str(events)
    assert {event["request"]["headers"]["Cookie"] for event in events if event["request"]} == {"[REDACTED]"}


async def test_it_can_go_on_for_some_time_instead(served: Served):
    done = await demo(served, "--seconds", "0.2", "--rate", "50")
    assert done.returncode == 0
    assert "all are on disk" in done.stdout


async def test_the_story_ends_in_a_regression(served: Served):
    async with running_worker(served.res.settings):
        done = await demo(served, "--story", "--token", served.credentials.token)
    assert (done.returncode, done.stderr) == (0, "")
    kinds = ["FIRST_SEEN", "ASSIGNED", "ACKNOWLEDGED", "COMMENTED", "RESOLVED", "REGRESSED"]
    places = [done.stdout.index(f" {kind} ") for kind in kinds]
    assert places == sorted(places)
    assert "a regression" in done.stdout


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        pytest.param("http://127.0.0.1:9", "0" * 32, "Nothing answers at", id="nobody there"),
        pytest.param(None, "0" * 32, "refuses:", id="unknown key"),
    ],
)
async def test_what_keeps_it_from_reporting_is_said(served: Served, url: str | None, key: str, said: str):
    done = await asyncio.to_thread(tocsin, "demo", "--url", url or served.url + "/graphql", "--key", key)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
