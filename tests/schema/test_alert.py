from domain.access import Role
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.graphql import ask, counted_statements
from tests.support.triage import make_scene

ALERT = """
__typename
... on Failure { code message path }
... on Alert {
  status trigger severity message level nextEscalationAt triggeredAt acknowledgedAt resolvedAt
  acknowledgedBy { name } issue { shortId } project { slug }
  escalations { level from { name } to { name } reason at }
}
"""


RULE = """mutation($input: CreateAlertRuleInput!) { createAlertRule(input: $input) {
  ... on AlertRule { template } ... on Failure { code message path } } }"""


def document(mutation: str) -> str:
    return f"mutation($input: AlertInput!) {{ {mutation}(input: $input) {{ {ALERT} }} }}"


async def test_an_alert_is_taken_escalated_and_resolved(res: Resources):
    scene = await make_scene(res)
    await make_developer(res, role=Role.OWNER, name="Ora")
    alert = await make_alert(res, scene.issue)
    given = {"alertId": global_id("Alert", alert.id)}
    taken = (await ask(res, scene.actor, document("acknowledgeAlert"), input=given))["acknowledgeAlert"]
    assert taken == {
        "__typename": "Alert",
        "status": "ACKNOWLEDGED",
        "trigger": "NEW_ISSUE",
        "severity": "HIGH",
        "message": "ValueError: bad total",
        "level": 0,
        "nextEscalationAt": "2026-03-02T11:00:00Z",
        "triggeredAt": "2026-03-02T03:00:00Z",
        "acknowledgedAt": "2026-03-02T03:00:00Z",
        "resolvedAt": None,
        "acknowledgedBy": {"name": "Ann"},
        "issue": {"shortId": scene.issue.short_id},
        "project": {"slug": scene.project.slug},
        "escalations": [],
    }
    climbed = await ask(res, scene.actor, document("escalateAlert"), input={**given, "note": "Help."})
    assert climbed["escalateAlert"]["status"] == "TRIGGERED"
    assert climbed["escalateAlert"]["escalations"] == [
        {"level": 1, "from": None, "to": [{"name": "Ora"}], "reason": "Help.", "at": "2026-03-02T03:00:00Z"}
    ]
    ended = (await ask(res, scene.actor, document("resolveAlert"), input=given))["resolveAlert"]
    assert (ended["status"], ended["resolvedAt"]) == ("RESOLVED", "2026-03-02T03:00:00Z")
    again = (await ask(res, scene.actor, document("resolveAlert"), input=given))["resolveAlert"]
    assert (again["code"], again["message"]) == ("CONFLICT", "This alert is over.")


async def test_a_rule_says_its_words_and_refuses_those_that_are_none(res: Resources):
    owner = acting(await make_developer(res, role=Role.OWNER))
    given = {"name": "New", "trigger": "NEW_ISSUE"}
    refused = (await ask(res, owner, RULE, input={**given, "template": "{{ titel }}"}))["createAlertRule"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "template"])
    assert refused["message"] == "`template` is no template. There is no `titel` (line 1)."
    made = (await ask(res, owner, RULE, input={**given, "template": "{{ title }}"}))["createAlertRule"]
    assert made == {"template": "{{ title }}"}


async def test_somebody_is_named_only_to_escalate_to(res: Resources):
    scene = await make_scene(res)
    alert = await make_alert(res, scene.issue)
    given = {"alertId": global_id("Alert", alert.id), "toDeveloperId": global_id("Developer", scene.ann.id)}
    for mutation in ("acknowledgeAlert", "resolveAlert"):
        refused = (await ask(res, scene.actor, document(mutation), input=given))[mutation]
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "toDeveloperId"])
    done = (await ask(res, scene.actor, document("escalateAlert"), input=given))["escalateAlert"]
    assert done["escalations"][0]["to"] == [{"name": "Ann"}]


async def test_a_page_of_alerts_costs_as_many_statements_as_it_has_kinds_of_edges(res: Resources):
    scene = await make_scene(res)
    asked = """query($first: Int) { alerts(first: $first, status: [TRIGGERED]) {
        nodes { acknowledgedBy { name } issue { title } project { slug } escalations { to { name } alert { level } } }
        edges { cursor } pageInfo { hasNextPage endCursor }
    } }"""
    costs = []
    for _ in range(2):
        for _ in range(3):
            alert = await make_alert(res, await make_issue(res, scene.project))
            given = {"alertId": global_id("Alert", alert.id), "toDeveloperId": global_id("Developer", scene.ann.id)}
            await ask(res, scene.actor, document("escalateAlert"), input=given)
        with counted_statements(res) as statements:
            page = (await ask(res, scene.actor, asked, first=None))["alerts"]
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert len(page["nodes"]) == 6
    assert costs[0] == costs[1] == 6
    some = (await ask(res, scene.actor, asked, first=2))["alerts"]
    assert some["pageInfo"] == {"hasNextPage": True, "endCursor": some["edges"][1]["cursor"]}
