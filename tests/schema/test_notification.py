import pytest

from domain.access import Role
from domain.notification import NotificationStatus
from models import AuditEntry, Developer, Notification
from resolvers.resources import Resources
from resolvers.triage import take_triage
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.graphql import ask, ask_for_codes, counted_statements
from tests.support.mailbox import BY_MAIL, Mailbox, send_due
from tests.support.on_call import make_on_call
from tests.support.rows import only_row

ALL = """query ($status: [NotificationStatus!], $channel: [Channel!] = [EMAIL], $recipient: ID, $first: Int, $after: String) {
  notifications(status: $status, channel: $channel, recipient: $recipient, first: $first, after: $after) {
    totalCount
    pageInfo { endCursor hasNextPage }
    nodes { id subject status reason }
  }
}"""
EVERYTHING = """{ notifications(channel: [EMAIL]) { nodes {
  id kind channel destination subject status reason nextAttemptAt createdAt sentAt readAt
  recipient { name } issue { shortId } alert { status }
  attempts { at succeeded statusCode detail durationMs }
} } }"""
RETRY = """mutation ($id: ID!) { retryNotification(input: {notificationId: $id}) {
  __typename ... on Notification { status nextAttemptAt reason } ... on Failure { code message path }
} }"""


@pytest.fixture
async def owner(mailing: Resources) -> Developer:
    return await make_developer(mailing, role=Role.OWNER)


async def write(res: Resources, count: int = 1) -> list[Notification]:
    issue = await make_issue(res, await make_project(res))
    return [await make_notification(res, issue, await make_developer(res)) for _ in range(count)]


def id_of(row: Notification) -> str:
    return global_id("Notification", row.id)


async def test_a_notification_shows_what_came_of_it(mailing: Resources, mailbox: Mailbox, owner: Developer):
    project, developer = await make_on_call(mailing, name="Ada")
    issue = await make_issue(mailing, project)
    await make_triage(mailing, issue)
    await take_triage(mailing)
    await send_due(mailing)
    (found,) = (await ask(mailing, acting(owner), EVERYTHING))["notifications"]["nodes"]
    (attempt,) = found.pop("attempts")
    assert attempt == {
        "at": "2026-03-02T03:00:00Z",
        "succeeded": True,
        "statusCode": 250,
        "detail": "2.0.0 Taken",
        "durationMs": 0,
    }
    assert found == {
        "id": id_of(await only_row(mailing, Notification, BY_MAIL)),
        "kind": "NEW_ISSUE",
        "channel": "EMAIL",
        "destination": developer.email,
        "subject": f"[HIGH] {issue.short_id} ValueError: bad total",
        "status": "SENT",
        "reason": "The issue was given to you: knows checkout, on call, 0 of 10 open issues.",
        "nextAttemptAt": None,
        "createdAt": "2026-03-02T03:00:00Z",
        "sentAt": "2026-03-02T03:00:00Z",
        "readAt": None,
        "recipient": {"name": "Ada"},
        "issue": {"shortId": issue.short_id},
        "alert": {"status": "TRIGGERED"},
    }


async def test_pages_are_newest_first_and_hold_each_once(mailing: Resources, owner: Developer):
    rows = await write(mailing, 5)
    seen, after = [], None
    while True:
        page = (await ask(mailing, acting(owner), ALL, first=2, after=after))["notifications"]
        assert page["totalCount"] == 5
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [id_of(row) for row in reversed(rows)]


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({"status": ["PENDING"]}, 2),
        ({"status": ["SENT", "DEAD"]}, 0),
        ({"status": []}, 0),
        ({"channel": ["EMAIL"]}, 2),
        ({"channel": ["SMS"]}, 0),
    ],
)
async def test_the_filters_leave_only_what_passes_in_list_and_count(mailing: Resources, owner, filter, count):
    await write(mailing, 2)
    found = (await ask(mailing, acting(owner), ALL, **filter))["notifications"]
    assert (len(found["nodes"]), found["totalCount"]) == (count, count)


async def test_those_of_one_recipient_can_be_asked_for(mailing: Resources, owner: Developer):
    first, _ = await write(mailing, 2)
    recipient = global_id("Developer", first.recipient_id)
    found = (await ask(mailing, acting(owner), ALL, recipient=recipient))["notifications"]["nodes"]
    assert [node["id"] for node in found] == [id_of(first)]
    assert await ask_for_codes(mailing, acting(owner), ALL, recipient="nonsense") == ["INVALID_INPUT"]


async def test_only_those_of_projects_in_sight_are_shown(mailing: Resources):
    await write(mailing)
    developer, project = await make_developer(mailing), await make_project(mailing)
    mine = await make_notification(mailing, await make_issue(mailing, project), developer)
    found = (await ask(mailing, acting(developer, project), ALL))["notifications"]
    assert [node["id"] for node in found["nodes"]] == [id_of(mine)]
    assert found["totalCount"] == 1


async def test_a_list_costs_as_many_statements_whatever_its_length(mailing: Resources, owner: Developer):
    costs = []
    for _ in range(2):
        await write(mailing, 3)
        with counted_statements(mailing) as statements:
            await ask(mailing, acting(owner), EVERYTHING)
        costs.append(len(statements))
    assert costs[0] == costs[1]


async def test_what_was_given_up_is_tried_again_and_the_asker_is_recorded(
    mailing: Resources, mailbox: Mailbox, owner: Developer
):
    mailbox.refusal = "550 5.1.1 No such mailbox"
    (row,) = await write(mailing)
    await send_due(mailing)
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.DEAD
    mailbox.refusal = None
    async with mailing.db.transaction() as tx:
        recipient = await tx.session.get_one(Developer, row.recipient_id)
        recipient.email = "new@example.com"  # the old one was wrong, and that is why
        tx.session.add(recipient)
    assert (await ask(mailing, acting(owner), RETRY, id=id_of(row)))["retryNotification"] == {
        "__typename": "Notification",
        "status": "PENDING",
        "nextAttemptAt": "2026-03-02T03:00:00Z",
        "reason": "You have it.",
    }
    await send_due(mailing)
    assert mailbox.recipients == ["new@example.com"]
    entry = await only_row(mailing, AuditEntry)
    assert (entry.action, entry.actor_id, entry.target_id) == ("retryNotification", owner.id, row.id)
    assert entry.before == {"status": "DEAD", "destination": row.destination}
    assert entry.after == {"status": "PENDING", "destination": "new@example.com"}


async def test_what_was_held_back_says_why_it_goes_out_once_it_does(res: Resources):
    owner = await make_developer(res, role=Role.OWNER)
    (row,) = await write(res)
    assert row.status is NotificationStatus.SUPPRESSED
    done = (await ask(res, acting(owner), RETRY, id=id_of(row)))["retryNotification"]
    assert (done["status"], done["reason"]) == ("PENDING", "You have it.")


async def test_trying_again_is_refused_where_it_makes_no_sense(mailing: Resources, mailbox: Mailbox, owner: Developer):
    (row,) = await write(mailing)
    pending = (await ask(mailing, acting(owner), RETRY, id=id_of(row)))["retryNotification"]
    await send_due(mailing)
    sent = (await ask(mailing, acting(owner), RETRY, id=id_of(row)))["retryNotification"]
    assert [(done["code"], done["message"]) for done in (pending, sent)] == [
        ("CONFLICT", "It is on its way already."),
        ("CONFLICT", "It was sent already."),
    ]
    wrong = (await ask(mailing, acting(owner), RETRY, id="nonsense"))["retryNotification"]
    assert (wrong["__typename"], wrong["path"]) == ("InvalidInput", ["input", "notificationId"])


async def test_out_of_sight_there_is_nothing_to_try_again(mailing: Resources):
    (row,) = await write(mailing)
    stranger = await make_developer(mailing)
    done = (await ask(mailing, acting(stranger), RETRY, id=id_of(row)))["retryNotification"]
    assert done["code"] == "NOT_FOUND"


async def test_a_viewer_may_look_but_not_try_again(mailing: Resources):
    viewer, project = await make_developer(mailing, role=Role.VIEWER), await make_project(mailing)
    row = await make_notification(mailing, await make_issue(mailing, project), viewer)
    actor = acting(viewer, project)
    assert (await ask(mailing, actor, ALL))["notifications"]["totalCount"] == 1
    assert await ask_for_codes(mailing, actor, RETRY, id=id_of(row)) == ["FORBIDDEN"]


async def test_it_is_found_again_by_its_id_where_it_is_in_sight(mailing: Resources, owner: Developer):
    (row,) = await write(mailing)
    document = "query ($id: ID!) { node(id: $id) { id ... on Notification { subject } } }"
    found = (await ask(mailing, acting(owner), document, id=id_of(row)))["node"]
    assert found == {"id": id_of(row), "subject": row.subject}
    stranger = await make_developer(mailing)
    assert (await ask(mailing, acting(stranger), document, id=id_of(row)))["node"] is None
