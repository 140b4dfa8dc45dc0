"""The mutations of triage through GraphQL: shapes, unions, paths. What they do is in tests/resolvers/issue."""

from dataclasses import replace

from domain.access import ANONYMOUS, Role
from domain.event import Severity
from domain.issue import IssueStatus
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes
from tests.support.triage import Scene, make_scene

ANSWER = """
__typename
... on Failure { code message path }
... on Issue {
  id status severity version assignmentReason resolution resolutionNote resolvedInRelease snoozedUntil
  snoozedUntilEventCount acknowledgedAt assignee { name } team { slug } acknowledgedBy { name } resolvedBy { name }
  alert { status level trigger } escalations { level reason from { name } to { name } isAutomatic alert { level } }
}
"""
INPUTS = {
    "assignIssue": "AssignIssueInput",
    "unassignIssue": "UnassignIssueInput",
    "acknowledgeIssue": "AcknowledgeIssueInput",
    "escalateIssue": "EscalateIssueInput",
    "resolveIssue": "ResolveIssueInput",
    "reopenIssue": "ReopenIssueInput",
    "snoozeIssue": "SnoozeIssueInput",
    "ignoreIssue": "IgnoreIssueInput",
    "setIssueSeverity": "SetSeverityInput",
    "commentOnIssue": "CommentOnIssueInput",
    "acknowledgeAlert": "AlertInput",
    "escalateAlert": "AlertInput",
    "resolveAlert": "AlertInput",
}
NEEDED = {
    "escalateIssue": {"reason": "Help."},
    "setIssueSeverity": {"severity": "LOW"},
    "commentOnIssue": {"body": "Hm."},
    "snoozeIssue": {"for": "PT1H"},
}


def document(mutation: str, answer: str = ANSWER) -> str:
    return f"mutation($input: {INPUTS[mutation]}!) {{ {mutation}(input: $input) {{ {answer} }} }}"


async def act(scene: Scene, mutation: str, answer: str = ANSWER, **given: object) -> dict:
    given = {"issueId": global_id("Issue", scene.issue.id), **NEEDED.get(mutation, {}), **given}
    return (await ask(scene.res, scene.actor, document(mutation, answer), input=given))[mutation]


def brief(answer: dict, *names: str) -> list:
    return [answer[name] for name in names]


async def test_an_issue_goes_through_its_whole_life(res: Resources):
    scene = await make_scene(res)
    manager = await scene.join(name="Max")
    bob = await scene.join(name="Bob", manager_id=manager.id)
    await make_alert(res, scene.issue)
    answer = await act(scene, "assignIssue", developerId=global_id("Developer", bob.id), note="Yours.")
    assert brief(answer, "__typename", "assignee", "assignmentReason") == ["Issue", {"name": "Bob"}, "named by Ann"]
    answer = await act(scene, "acknowledgeIssue")
    assert brief(answer, "acknowledgedBy", "alert") == [
        {"name": "Ann"},
        {"status": "ACKNOWLEDGED", "level": 0, "trigger": "NEW_ISSUE"},
    ]
    answer = await act(scene, "escalateIssue", reason="It burns.")
    assert answer["alert"] == {"status": "TRIGGERED", "level": 1, "trigger": "NEW_ISSUE"}
    assert answer["escalations"] == [
        {
            "level": 1,
            "reason": "It burns.",
            "from": {"name": "Bob"},
            "to": [{"name": "Max"}],
            "isAutomatic": False,
            "alert": {"level": 1},
        }
    ]
    answer = await act(scene, "setIssueSeverity", severity="CRITICAL")
    assert answer["severity"] == "CRITICAL"
    answer = await act(scene, "resolveIssue", resolution="WONT_FIX", note="Old.", inRelease="2.0")
    assert brief(answer, "status", "resolution", "resolutionNote", "resolvedInRelease", "alert", "resolvedBy") == [
        "RESOLVED",
        "WONT_FIX",
        "Old.",
        "2.0",
        None,
        {"name": "Ann"},
    ]
    answer = await act(scene, "reopenIssue")
    assert brief(answer, "status", "resolution", "acknowledgedAt") == ["UNRESOLVED", None, None]
    answer = await act(scene, "snoozeIssue", **{"for": "PT1H"})
    assert brief(answer, "status", "snoozedUntil") == ["SNOOZED", "2026-03-02T04:00:00Z"]
    answer = await act(scene, "ignoreIssue")
    assert brief(answer, "status", "snoozedUntil") == ["IGNORED", None]
    answer = await act(scene, "unassignIssue")
    assert brief(answer, "assignee", "assignmentReason") == [None, None]
    steps = await act(
        scene, "commentOnIssue", "... on Activity { kind note issue { activity(first: 99) { nodes { kind } } } }"
    )
    assert brief(steps, "kind", "note") == ["COMMENTED", "Hm."]
    kinds = [node["kind"] for node in steps["issue"]["activity"]["nodes"]]
    assert [kind for kind in kinds if not kind.endswith("NOTIFIED")] == [
        "COMMENTED",
        "UNASSIGNED",
        "IGNORED",
        "SNOOZED",
        "REOPENED",
        "RESOLVED",
        "SEVERITY_CHANGED",
        "ESCALATED",
        "ACKNOWLEDGED",
        "ASSIGNED",
    ]


async def test_a_comment_says_who_made_it(res: Resources):
    scene = await make_scene(res)
    answer = await act(
        scene, "commentOnIssue", "__typename ... on Activity { actor { __typename ... on Developer { name } } at note }"
    )
    assert answer == {
        "__typename": "Activity",
        "actor": {"__typename": "Developer", "name": "Ann"},
        "at": "2026-03-02T03:00:00Z",
        "note": "Hm.",
    }


async def test_what_is_left_out_or_null_takes_the_defaults(res: Resources):
    scene = await make_scene(res)
    answer = await act(scene, "resolveIssue", resolution=None, inNextRelease=None)
    assert brief(answer, "status", "resolution") == ["RESOLVED", "FIXED"]


# A mutation of an issue in such a state, what it is given, and the failure that it answers with.
FAILURES = [
    ("assignIssue", {}, {}, "NOBODY_ON_CALL", None),
    ("assignIssue", {}, {"developerId": "x"}, "INVALID_INPUT", ["input", "developerId"]),
    ("assignIssue", {}, {"developerId": ""}, "INVALID_INPUT", ["input", "developerId"]),
    ("assignIssue", {}, {"teamId": "x"}, "INVALID_INPUT", ["input", "teamId"]),
    ("unassignIssue", {}, {}, "CONFLICT", None),
    ("acknowledgeIssue", {"status": IssueStatus.IGNORED}, {}, "CONFLICT", None),
    ("escalateIssue", {}, {}, "NOBODY_ON_CALL", None),
    ("escalateIssue", {}, {"reason": " "}, "INVALID_INPUT", ["input", "reason"]),
    ("resolveIssue", {}, {"inNextRelease": True}, "INVALID_INPUT", ["input", "inNextRelease"]),
    ("reopenIssue", {}, {}, "CONFLICT", None),
    ("snoozeIssue", {}, {"until": "2026-03-02T05:00:00Z"}, "INVALID_INPUT", ["input"]),
    ("snoozeIssue", {}, {"for": "PT0S"}, "INVALID_INPUT", ["input", "for"]),
    ("snoozeIssue", {}, {"for": "P999999D"}, "INVALID_INPUT", ["input", "for"]),
    ("snoozeIssue", {}, {"for": None, "untilEventCount": 1}, "INVALID_INPUT", ["input", "untilEventCount"]),
    ("ignoreIssue", {"status": IssueStatus.IGNORED}, {}, "CONFLICT", None),
    ("setIssueSeverity", {"severity": Severity.LOW, "severity_is_set": True}, {}, "CONFLICT", None),
    ("commentOnIssue", {}, {"body": ""}, "INVALID_INPUT", ["input", "body"]),
]


async def test_failures_are_members_of_the_union(res: Resources):
    scene = await make_scene(res)
    for mutation, facts, given, code, path in FAILURES:
        scene = replace(scene, issue=await make_issue(res, scene.project, **facts))
        answer = await act(scene, mutation, "... on Failure { code path message }", **given)
        assert (mutation, answer["code"], answer["path"]) == (mutation, code, path)
        assert answer["message"]


async def test_what_is_out_of_sight_is_not_found_and_what_is_no_id_invalid(res: Resources):
    scene = await make_scene(res)
    hidden = await make_issue(res, await make_project(res))
    ids = {"Issue": hidden.id, "Alert": (await make_alert(res, hidden)).id}
    for mutation in INPUTS:
        kind = "Alert" if mutation.endswith("Alert") else "Issue"
        for id, code in (
            (global_id(kind, ids[kind]), "NOT_FOUND"),
            (global_id("Project", scene.project.id), "NOT_FOUND"),
            ("nonsense", "INVALID_INPUT"),
        ):
            given = {**NEEDED.get(mutation, {}), f"{kind.lower()}Id": id}
            answer = await ask(res, scene.actor, document(mutation, "... on Failure { code }"), input=given)
            assert answer == {mutation: {"code": code}}


async def test_who_may_not_is_told_by_an_error_with_a_code(res: Resources):
    scene = await make_scene(res)
    viewer = acting(await make_developer(res, role=Role.VIEWER), scene.project)
    for mutation in INPUTS:
        kind = "Alert" if mutation.endswith("Alert") else "Issue"
        given = {**NEEDED.get(mutation, {}), f"{kind.lower()}Id": global_id(kind, scene.issue.id)}
        asked = document(mutation, "__typename")
        assert (mutation, await ask_for_codes(res, viewer, asked, input=given)) == (mutation, ["FORBIDDEN"])
        assert (mutation, await ask_for_codes(res, ANONYMOUS, asked, input=given)) == (mutation, ["UNAUTHENTICATED"])
