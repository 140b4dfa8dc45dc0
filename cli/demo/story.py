"""One issue from its first error to its regression, each step through the public API, and said."""

import random
import time
from typing import Any

from cli.demo.api import Api
from cli.demo.capture import as_input
from cli.demo.shop.visit import Deployment
from cli.demo.traffic import JOURNEYS, have_accident

_BROKEN, _FIXED, _NEXT = "shop@2.4.1", "shop@2.5.0", "shop@2.5.1"
_PATIENCE_S, _LOOK_S = 10.0, 0.2


def play(reporter: Api, person: Api, chance: random.Random) -> None:
    """Play it: an issue of its own each time."""
    chapter = f"story {chance.randrange(16**6):06x}"
    logged = _report(reporter, chance, chapter, _BROKEN)
    short_id, issue_id = logged["issueShortId"], logged["issueId"]
    _say(f"Checkout fails in production; it reports a KeyError. It is on disk, as the first event of {short_id}.")
    _say(_who_was_told(_wait_until_told(person, short_id)))

    me = person.ask("ShowViewer")["viewer"]["developer"]
    _take(person, issue_id, me)
    person.do("AcknowledgeIssue", issueId=issue_id, note="Looking at it")
    _say(f"{me['name']} has it, and says so: the alert rings no more.")
    person.do("CommentOnIssue", issueId=issue_id, body="SKU-1009 is sold, and has no price")

    _report(reporter, chance, chapter, _BROKEN)
    _say(f"It fails again: one more event of {short_id}, and nobody is called twice.")

    person.do("ResolveIssue", issueId=issue_id, inRelease=_FIXED, note="It has a price now")
    _say(f"{me['name']} resolves it: fixed in {_FIXED}.")
    _report(reporter, chance, chapter, _BROKEN)
    _say(f"A server that still runs {_BROKEN} fails once more. That was to be expected: it stays resolved.")

    back = _report(reporter, chance, chapter, _NEXT)
    said = "a regression" if back["isRegression"] else "no regression"
    _say(f"It fails in {_NEXT}, which has the fix: {said}.")
    _wait_until_told(person, short_id)
    _show(person, short_id)


def _report(reporter: Api, chance: random.Random, chapter: str, release: str) -> Any:
    deployment = Deployment("production", release, "web-1")
    accident = have_accident(JOURNEYS[0], chance, deployment)
    return reporter.do("LogError", **as_input(accident, fingerprint=["{{ default }}", chapter]))


def _wait_until_told(person: Api, short_id: str) -> Any:
    """The issue once the worker has opened its alert, or as it is after ten seconds."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        issue = person.ask("ShowIssue", by={"shortId": short_id})["issue"]
        if issue["alert"] or time.monotonic() > until:
            return issue
        time.sleep(_LOOK_S)


def _who_was_told(issue: Any) -> str:
    if issue["alert"] is None:
        return "Nobody was told yet: does the worker run?"
    if issue["assignee"] is None:
        return "An alert rings. Nobody is on call for checkout, so it is nobody's yet."
    return f"An alert rings. It goes to {issue['assignee']['name']}: {issue['assignmentReason']}."


def _take(person: Api, issue_id: str, me: Any) -> None:
    """Have it assigned by hand to who plays, also where routing gave it to them."""
    input = {"issueId": issue_id, "developerId": me["id"], "note": "I know this part"}
    answer = person.ask("AssignIssue", input=input)["assignIssue"]
    if answer.get("code") == "CONFLICT":
        _say(f"{answer['message']} So it is given back first, and then taken.")
        person.do("UnassignIssue", issueId=issue_id)
        answer = person.do("AssignIssue", **input)
    _say(f"Assigned by hand to {answer['assignee']['name']}.")


def _show(person: Api, short_id: str) -> None:
    issue = person.ask("ShowIssue", by={"shortId": short_id})["issue"]
    print(f"\n{short_id} {issue['title']}\n{issue['severity']}, {issue['status']}\n")
    for step in reversed(issue["activity"]["nodes"]):
        print(f"  {step['at'][11:19]} {step['kind']:<16} {_name(step['actor']):<10} {step['note'] or ''}".rstrip())


def _name(actor: Any) -> str:
    name: str = ((actor or {}).get("owner") or actor or {}).get("name", "")
    return name


def _say(line: str) -> None:
    print(f"- {line}")
