"""The operations that clients copy: each is sound, and each is run here, in one story."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import websockets
from graphql import build_schema, parse, validate
from graphql.language import OperationDefinitionNode

from models import Issue
from schema.export import TARGET, sdl
from tests.support.calendars import a_calendar, a_span
from tests.support.factories.pattern import make_pattern
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows
from tests.support.serving import Served

PATHS = sorted((TARGET.parent / "operations").glob("*.graphql"))
SCHEMA = build_schema(sdl())
PATIENCE_S = 15


def operation(path: Path) -> OperationDefinitionNode:
    (definition,) = parse(path.read_text()).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return definition


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_an_operation_fits_the_contract_and_is_named_as_its_file(path: Path):
    assert validate(SCHEMA, parse(path.read_text())) == []
    name = operation(path).name
    assert name is not None
    assert name.value == path.stem


def test_every_root_field_has_an_operation_that_shows_it():
    shown = {field.name.value for path in PATHS for field in operation(path).selection_set.selections}
    roots = (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
    assert {name for root in roots for name in root.fields} - shown == set()


class Client:
    """A client that knows the operations by name, and remembers which it has used."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.used: set[str] = set()

    async def run(self, name: str, /, *, credential: str | None = None, **variables: Any) -> Any:
        """What the one root field answers."""
        self.used.add(name)
        document = (TARGET.parent / "operations" / f"{name}.graphql").read_text()
        answer = await self._served.ask(document, credential=credential, **variables)
        assert "errors" not in answer, (name, answer)
        data = answer["data"]
        return data if len(data) > 1 else next(iter(data.values()))

    async def do(self, operation: str, /, **input: Any) -> Any:
        """What a mutation answers that succeeds."""
        answer = await self.run(operation, input=input)
        assert answer, operation
        assert "message" not in answer, (operation, answer)
        return answer

    async def upload_map(self, url: str) -> None:
        """Upload a map to the project `mobile`, which is done by plain HTTP."""
        headers = {"Authorization": f"Bearer {self._served.credentials.token}"}
        parameters = {"project": "mobile", "release": "1", "url": url}
        content = b'{"version": 3, "mappings": ""}'
        async with plain_http(base_url=self._served.url, headers=headers) as http:
            assert (await http.post("/api/sourcemaps", params=parameters, content=content)).status_code == 201

    async def watch(self, name: str, until: str, **variables: Any) -> dict[str, Any]:
        """The first item of that type that a subscription brings."""
        self.used.add(name)
        document = (TARGET.parent / "operations" / f"{name}.graphql").read_text()
        async with (
            asyncio.timeout(PATIENCE_S),
            websockets.connect(self._served.ws_url, subprotocols=["graphql-transport-ws"]) as socket,
        ):
            payload = {"Authorization": f"Bearer {self._served.credentials.token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            payload = {"query": document, "variables": variables}
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            while True:
                message = json.loads(await socket.recv())
                assert message["type"] == "next", message
                (item,) = message["payload"]["data"].values()
                if item["__typename"] == until:
                    return item


async def test_every_operation_works(served: Served):
    client = Client(served)
    issue_id, position = await _log(client, served)
    mate_id = await _staff(client)
    await _schedule(client, mate_id)
    await _say_how_to_be_told(client)
    await _triage(client, issue_id, mate_id)
    await _look(client, issue_id, mate_id)
    await _see_patterns(client, served)
    await _regroup(client, served, issue_id)
    await _watch(client, position)
    await _administer(client)
    await _compare(client)
    assert {path.stem for path in PATHS} - client.used == set()


async def _compare(client: Client) -> None:
    for release in ("2.0", "2.1"):
        error = {"project": "mobile", "service": "app", "errorType": f"In{release}", "message": "-", "release": release}
        await client.run("LogError", input=error)
    compared = await client.run("CompareReleases", project="mobile", base="2.0", head="2.1")
    assert [len(part["nodes"]) for part in compared.values()] == [1, 0, 0]


async def _see_patterns(client: Client, served: Served) -> None:
    issue, *_ = await all_rows(served.res, Issue)
    await make_pattern(served.res, issue, template="cart <int> failed")
    (pattern,) = (await client.run("ListPatterns", orderBy="TREND"))["nodes"]
    assert (await client.run("ShowPattern", id=pattern["id"]))["template"] == "cart <int> failed"


async def _log(client: Client, served: Served) -> tuple[str, str]:
    dashboard = await client.run("OpenDashboard")
    key = served.credentials.ingest_key
    error = {"service": "checkout", "errorType": "ValueError", "message": "bad total", "severity": "HIGH"}
    logged = await client.run("LogError", credential=key, input={**error, "eventId": "story-1"})
    several = await client.run("LogErrors", credential=key, inputs=[error, {**error, "service": ""}])
    assert (logged["outcome"], several["stored"], several["refused"]) == ("STORED", 1, 1)
    return logged["issueId"], dashboard["streamPosition"]


async def _staff(client: Client) -> str:
    mate = await client.do("CreateDeveloper", name="Mate", email="mate@example.org", services=["checkout"])
    await client.do("UpdateDeveloper", developerId=mate["id"], maxLoad=3)
    (project, *_) = [one for one in await client.run("ListProjects") if one["slug"] == "default"]
    team = await client.do("CreateTeam", slug="shop", name="Shop", memberIds=[mate["id"]])
    await client.do("UpdateTeam", teamId=team["id"], projectIds=[project["id"]])
    off = {"start": "2035-06-01T00:00:00Z", "end": "2035-06-15T00:00:00Z"}
    off = await client.do("CreateTimeOff", developerId=mate["id"], **off)
    assert (await client.do("UpdateTimeOff", timeOffId=off["id"], end="2035-06-08T00:00:00Z"))["end"] < off["end"]
    await client.do("DeleteTimeOff", timeOffId=off["id"])
    on_call = await client.do("SetOnCall", developerId=mate["id"], onCall=True)
    await _set_up_policy(client, mate["id"], team["id"])
    await _set_up_alert_rules(client, mate["id"])
    assert on_call["isOnCall"]
    return mate["id"]


async def _set_up_policy(client: Client, mate_id: str, team_id: str) -> None:
    first = {"delay": "PT5M", "targets": [mate_id], "channels": ["EMAIL"]}
    made = await client.do(
        "CreateEscalationPolicy",
        name="Shop",
        services=["checkout"],
        steps=[first, {"delay": "PT15M", "targets": [team_id]}],
    )
    assert [step["delay"] for step in made["steps"]] == ["PT5M", "PT15M"]
    await client.do("UpdateEscalationPolicy", policyId=made["id"], repeat=2)
    (policy,) = await client.run("ListEscalationPolicies")
    assert [target["id"] for step in policy["steps"] for target in step["targets"]] == [mate_id, team_id]
    told = await client.run("SimulateAlert", service="checkout", severity="HIGH", project="default")
    assert [(one["level"], one["developer"]["name"]) for one in told if one["channel"] == "EMAIL"] == [
        (0, "Mate"), (1, "Mate"), (2, "Mate"),
    ]  # fmt: skip
    spare = await client.do("CreateEscalationPolicy", name="Spare", steps=[first])
    await client.do("DeleteEscalationPolicy", policyId=spare["id"])


async def _set_up_alert_rules(client: Client, mate_id: str) -> None:
    many = {"trigger": "EVENT_COUNT", "threshold": 1, "window": "PT10M", "filter": {"services": ["checkout"]}}
    made = await client.do(
        "CreateAlertRule", name="Many", project="default", recipients=[mate_id], template="{{ title }}", **many
    )
    (fired,) = (await client.run("TryAlertRule", id=made["id"]))["wouldHaveFired"]
    assert fired["count"] in (1, 2)  # of two events, between which a step of the replay may lie
    changed = await client.do("UpdateAlertRule", alertRuleId=made["id"], threshold=1000, isEnabled=False)
    assert (changed["threshold"], changed["window"], changed["template"]) == (1000, "PT10M", "{{ title }}")
    assert (await client.do("UpdateAlertRule", alertRuleId=made["id"], template=None))["template"] is None
    (rule,) = await client.run("ListAlertRules", project="default")
    assert [recipient["name"] for recipient in rule["recipients"]] == ["Mate"]
    await client.do("DeleteAlertRule", alertRuleId=made["id"])


async def _schedule(client: Client, mate_id: str) -> None:
    """Weeks of 2035, so that it is in nobody's way."""
    span = {"from": "2035-01-01T00:00:00Z", "to": "2035-01-15T00:00:00Z"}
    schedule = await client.do("CreateSchedule", name="Shop", timezone="Europe/Berlin")
    changed = await client.do("UpdateSchedule", scheduleId=schedule["id"], services=["checkout"], notifyAhead="PT30M")
    assert (changed["notifyHandoff"], changed["notifyAhead"]) == (True, "PT30M")
    rotation = await client.do(
        "CreateRotation", scheduleId=schedule["id"], name="Weeks", kind="DAILY", startsAt="2035-01-01T08:00:00Z",
        participantIds=[mate_id],
    )  # fmt: skip
    await client.do("UpdateRotation", rotationId=rotation["id"], kind="WEEKLY")
    override = await client.do(
        "CreateOverride",
        scheduleId=schedule["id"],
        start="2035-01-03T00:00:00Z",
        end="2035-01-05T00:00:00Z",
        removeId=mate_id,
    )
    await client.do("UpdateOverride", overrideId=override["id"], note="ill")
    shown = await client.run("ShowSchedule", id=schedule["id"], **span)
    assert [len(shown[part]) for part in ("rotations", "overrides", "shifts", "gaps")] == [1, 1, 2, 2]
    by_hand, by_turn = await client.run("WhoIsOnCall", service="checkout", at="2035-01-02T00:00:00Z")
    assert (by_hand["end"], by_turn["developer"]["name"], by_turn["end"]) == (None, "Mate", "2035-01-03T00:00:00Z")
    await _import(client, schedule["id"])
    assert (await client.do("CreateCalendarUrl", scheduleId=schedule["id"]))["url"].endswith(".ics")
    assert not (await client.do("DeleteCalendarUrl", scheduleId=schedule["id"]))["schedule"]["hasCalendarUrl"]
    await client.do("DeleteOverride", overrideId=override["id"])
    await client.do("DeleteRotation", rotationId=rotation["id"])
    assert len(await client.run("ListSchedules")) == 1
    assert (await client.run("ListScheduledRuns", job="prune_runs"))["nodes"] == []
    assert {job["problem"] for job in await client.run("ListScheduledJobs")} == {None}
    await client.do("DeleteSchedule", scheduleId=schedule["id"])


async def _import(client: Client, schedule_id: str) -> None:
    text = a_calendar(a_span("02T03", "02T05", "Nobody"))
    new = await client.do("CreateImportedCalendar", scheduleId=schedule_id, name="Theirs", text=text)
    changed = await client.do("UpdateImportedCalendar", importedCalendarId=new["id"], name="Ours")
    assert (changed["name"], changed["url"], changed["shiftCount"]) == ("Ours", None, 0)
    await client.do("DeleteImportedCalendar", importedCalendarId=new["id"])


async def _say_how_to_be_told(client: Client) -> None:
    """Nothing is set up to send by, and the answers say so."""
    new = await client.do("CreateContactMethod", channel="SMS", value="+4915112345678")
    method = {"contactMethodId": new["contactMethod"]["id"]}
    sent = await client.run("SendVerificationCode", input=method)
    assert (sent["code"], "TOCSIN_TWILIO_ACCOUNT_SID" in sent["message"]) == ("CONFLICT", True)
    assert (await client.run("VerifyContactMethod", input={**method, "code": "1"}))["code"] == "INVALID_INPUT"
    assert not (await client.do("UpdateContactMethod", **method, isEnabled=False))["isEnabled"]
    await client.do("DeleteContactMethod", **method)
    rule = await client.do("CreateNotificationRule", channel="EMAIL", minSeverity="LOW")
    digest = await client.do("CreateNotificationRule", channel="EMAIL", minSeverity="LOW", digestEvery="PT1H")
    assert digest["digestEvery"] == "PT1H"
    changed = {"notificationRuleId": digest["id"], "digestEvery": None}
    assert (await client.do("UpdateNotificationRule", **changed))["digestEvery"] is None
    changed = {"notificationRuleId": rule["id"], "quietHours": {"start": "22:00", "end": "07:00"}}
    assert (await client.do("UpdateNotificationRule", **changed))["quietHours"]["exceptCritical"]
    await client.do("DeleteNotificationRule", notificationRuleId=rule["id"])
    assert (await client.run("SendTestNotification", input={"channel": "EMAIL"}))["code"] == "CONFLICT"
    assert not (await client.do("SetMailSubscription", kind="ASSIGNMENT", isSubscribed=False))["isSubscribed"]
    assert (await client.run("ShowViewer"))["unsubscribedKinds"] == ["ASSIGNMENT"]
    await client.do("SetMailSubscription", kind="ASSIGNMENT", isSubscribed=True)
    assert (await client.do("MarkNotificationsRead"))["marked"] >= 0
    await _choose_words(client)


async def _choose_words(client: Client) -> None:
    words = {"channel": "EMAIL", "subject": "{{ short_id }}", "text": "{{ title }}"}
    shown = await client.run("PreviewNotificationTemplate", input=words)
    assert (shown["subject"], "ValueError: bad total" in shown["text"]) == ("SHOP-7", True)
    made = await client.do("CreateNotificationTemplate", kind="ALERT", project="default", **words)
    changed = await client.do("UpdateNotificationTemplate", notificationTemplateId=made["id"], subject=None)
    assert (changed["subject"], changed["text"]) == (None, "{{ title }}")
    (listed,) = await client.run("ListNotificationTemplates")
    assert (listed["id"], listed["project"]["slug"]) == (made["id"], "default")
    await client.do("DeleteNotificationTemplate", notificationTemplateId=made["id"])


async def _triage(client: Client, issue_id: str, mate_id: str) -> None:
    assert (await client.do("AssignIssue", issueId=issue_id))["assignee"]["name"] == "Mate"
    await client.do("UnassignIssue", issueId=issue_id)
    await client.do("AssignIssue", issueId=issue_id, developerId=mate_id)
    await client.do("AcknowledgeIssue", issueId=issue_id)
    alert = (await client.do("EscalateIssue", issueId=issue_id, reason="It goes on"))["alert"]
    await client.do("AcknowledgeAlert", alertId=alert["id"])
    await client.do("EscalateAlert", alertId=alert["id"], toDeveloperId=mate_id)
    await client.do("ResolveAlert", alertId=alert["id"])
    await client.do("CommentOnIssue", issueId=issue_id, body="The total is negative")
    await client.do("SetIssueSeverity", issueId=issue_id, severity="LOW")
    await client.do("SnoozeIssue", issueId=issue_id, **{"for": "PT1H"})
    await client.do("ReopenIssue", issueId=issue_id)
    await client.do("IgnoreIssue", issueId=issue_id)
    await client.do("ReopenIssue", issueId=issue_id)
    assert (await client.do("ResolveIssue", issueId=issue_id))["status"] == "RESOLVED"


async def _look(client: Client, issue_id: str, mate_id: str) -> None:
    (issue,) = (await client.run("ListIssues", search="totals service:checkout", filter={"severity": ["LOW"]}))["nodes"]
    assert (issue["id"], issue["eventCount"]) == (issue_id, 2)
    assert (await client.run("ShowIssue", by={"shortId": issue["shortId"]}))["activity"]["nodes"]
    (suggestion,) = await client.run("SuggestSearch", search="is:unresolved service:ch", subject="EVENTS", first=5)
    assert suggestion == {"text": "checkout", "kind": "VALUE", "start": 22, "end": 24}
    kept = await client.do(
        "CreateSavedSearch", name="Totals", search="total is:unresolved", orderBy={"field": "SEVERITY"}
    )
    changed = await client.do("UpdateSavedSearch", savedSearchId=kept["id"], name="Bad totals")
    assert (changed["name"], changed["orderField"], changed["orderDirection"]) == ("Bad totals", "SEVERITY", "DESC")
    assert [one["id"] for one in await client.run("ListSavedSearches", subject="ISSUES")] == [kept["id"]]
    await client.do("DeleteSavedSearch", savedSearchId=kept["id"])
    events = await client.run("ListEvents", filter={"issue": [issue_id]}, search="total service:checkout")
    assert len(events["nodes"]) == 2
    event = await client.run("ShowEvent", by={"eventId": {"project": "default", "eventId": "story-1"}})
    assert event["issue"]["shortId"] == issue["shortId"]
    assert (await client.run("ShowStats"))["total"] == 2
    slow = {"severity": "HIGH", "acknowledgeWithin": "PT30M", "resolveWithin": "P2D"}
    assert (await client.do("SetResponseTargets", targets=[slow]))["targets"] == [{**slow, "warnAt": 0.8}]
    assert (await client.run("ListResponseTargets", project="default"))["targets"][0]["severity"] == "HIGH"
    assert mate_id in [each["developer"]["id"] for each in await client.run("ShowWorkload")]
    assert (await client.run("FetchNode", id=issue_id))["shortId"] == issue["shortId"]
    assert [one["__typename"] for one in await client.run("FetchNodes", ids=[issue_id, mate_id])] == [
        "Issue",
        "Developer",
    ]
    assert (await client.run("ShowViewer"))["developer"]["role"] == "OWNER"
    assert (await client.run("ShowProject", slug="default"))["services"] == ["checkout"]
    assert len((await client.run("ListDevelopers", onCall=True))["nodes"]) == 2
    assert (await client.run("ShowDeveloper", id=mate_id))["assigned"]["nodes"]
    assert {team["slug"] for team in await client.run("ListTeams")} > {"shop"}
    assert [alert["status"] for alert in (await client.run("ListAlerts"))["nodes"]] == ["RESOLVED"]
    notification = (await client.run("ListNotifications"))["nodes"][0]
    answer = await client.run("RetryNotification", input={"notificationId": notification["id"]})
    assert answer.get("id") == notification["id"] or answer["code"] == "CONFLICT"


async def _regroup(client: Client, served: Served, issue_id: str) -> None:
    error = {"service": "checkout", "errorType": "ValueError", "message": "total is bad", "severity": "LOW"}
    error |= {"tags": [{"key": "region", "value": "eu"}]}
    other = await client.run("LogError", credential=served.credentials.ingest_key, input=error)
    tagged = await client.run("ShowIssueTags", by={"id": other["issueId"]}, key="region")
    assert (tagged["tagKeys"], [one["value"] for one in tagged["tagValues"]]) == (["region"], ["eu"])
    keys = (await client.run("ShowIssue", by={"id": other["issueId"]}))["grouping"]["keys"]
    merged = await client.do("MergeIssues", intoIssueId=issue_id, issueIds=[other["issueId"]])
    assert (merged["eventCount"], [one["id"] for one in merged["mergedIssues"]]) == (3, [other["issueId"]])
    assert (await client.run("ShowIssue", by={"id": other["issueId"]}))["id"] == issue_id
    back = await client.do("SplitIssue", issueId=issue_id, groupingKeys=keys)
    assert (back["id"], back["eventCount"]) == (other["issueId"], 1)


async def _watch(client: Client, position: str) -> None:
    logged = await client.watch("WatchErrors", "ErrorLogged", after=position)
    changed = await client.watch("WatchIssues", "IssueChanged", after=position)
    sent = await client.watch("WatchNotifications", "NotificationSent", after=position)
    assert sent["notification"]["channel"] == "DASHBOARD"
    ticked = await client.watch("WatchStats", "StatsTick", every="PT1S")
    assert (ticked["stats"]["total"], len(ticked["bySeverity"])) == (3, 5)
    rang = await client.watch("WatchAlerts", "AlertChanged", after=position)
    assert (rang["step"], rang["level"], rang["alert"]["status"]) == ("TRIGGERED", 0, "RESOLVED")
    assert (logged["isNew"], changed["activity"]["kind"]) == (True, "FIRST_SEEN")


async def _administer(client: Client) -> None:
    project = await client.do("CreateProject", slug="mobile", name="Mobile")
    project = await client.do("UpdateProject", projectId=project["id"], redactKeys=["iban"])
    assert project["redactKeys"] == ["iban"]
    team = await client.do("CreateTeam", slug="phones", name="Phones")
    owned = [{"path": "app/*", "teamId": team["id"]}]
    project = await client.do("UpdateProject", projectId=project["id"], ownershipRules=owned)
    assert project["ownershipRules"][0]["team"] == {"name": "Phones"}
    rules = {"fingerprint": [{"message": "*total*", "fingerprint": ["totals"]}]}
    tried = await client.run("TryGroupingRules", project="default", rules=rules)
    assert (tried["examined"], tried["moving"], tried["moves"][0]["newIssue"]) == (3, 3, 1)
    assert (await client.do("ErasePerson", projectId=project["id"], email="ann@example.com"))["eventsRead"] == 0
    assert len((await client.run("ShowErasures", slug="mobile"))["erasures"]) == 1
    key = await client.do("CreateIngestKey", projectId=project["id"], name="App")
    mapping = [{"field": "errorType", "path": "data.error.0.title"}]
    assert (await client.do("UpdateIngestKey", ingestKeyId=key["id"], mapping=mapping))["mapping"][0][
        "constant"
    ] is None
    tried = await client.run("TryMapping", ingestKeyId=key["id"], payload={"data": {"error": [{"title": "Late"}]}})
    assert tried["fields"]["errorType"] == "Late"
    assert (await client.do("CreateSigningSecret", ingestKeyId=key["id"]))["secret"].startswith("tws_")
    assert not (await client.do("DeleteSigningSecret", ingestKeyId=key["id"]))["isSigned"]
    key = await client.do("UpdateIngestKey", ingestKeyId=key["id"], rateLimitPerMinute=600)
    assert key["rateLimitPerMinute"] == 600
    assert not (await client.do("RevokeIngestKey", ingestKeyId=key["id"]))["isActive"]
    made = await client.do("CreateApiToken", name="Wall screen", scopes=["READ"])
    assert made["secret"].startswith("tcs_")
    await client.do("RevokeApiToken", apiTokenId=made["apiToken"]["id"])
    await client.upload_map("app.js")
    (source_map,) = (await client.run("ListSourceMaps", slug="mobile"))["sourceMaps"]
    assert (await client.do("DeleteSourceMap", sourceMapId=source_map["id"]))["name"] == "app.js"
