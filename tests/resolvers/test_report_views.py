"""What the views for people who read with SQL show of what is there."""

from datetime import timedelta

from core.clock import ManualClock
from core.ids import uuid7
from domain.notification import NotificationStatus
from models import Notification, Shift
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule


async def test_they_show_what_happened_by_the_names_of_things(mailing: Resources, clock: ManualClock):
    res, project = mailing, await make_project(mailing, slug="shop")
    ada = await make_developer(res, name="Ada")
    team = await make_team(res, slug="web", members=(ada,), projects=(project,))
    issue = await make_issue(res, project, short_id="SHOP-1", assignee_id=ada.id, team_id=team.id)
    await make_issue(res, project, merged_into_id=issue.id)
    await count_events(res, issue, START, 7)
    alert = await make_alert(res, issue)
    sent = await make_notification(res, issue, ada)
    schedule = await make_schedule(res, name="Days")
    async with res.db.transaction() as tx:
        row = await tx.session.get_one(Notification, sent.id)
        row.status, row.sent_at, row.alert_id = NotificationStatus.SENT, START, alert.id
        span = {"starts_at": START - timedelta(hours=1), "ends_at": START + timedelta(hours=1)}
        tx.session.add(Shift(id=uuid7(START), schedule_id=schedule.id, developer_id=ada.id, is_override=False, **span))
    await acknowledge_issue(res, acting(ada, project), issue_id=issue.id)
    events, issues, alerts, mails, shifts = [
        [dict(row) for row in await res.db.raw.fetch(f"SELECT * FROM report.{view}")]
        for view in ("events_by_hour", "issues", "alerts", "notifications WHERE channel = 'EMAIL'", "shifts")
    ]
    assert [(row["project"], row["service"], row["severity"], row["events"]) for row in events] == [
        ("shop", "checkout", "HIGH", 7)
    ]
    assert [(row["issue"], row["status"], row["assignee"], row["team"]) for row in issues] == [
        ("SHOP-1", "UNRESOLVED", "Ada", "web")
    ]
    assert [(row["issue"], row["status"], row["acknowledged_by"]) for row in alerts] == [
        ("SHOP-1", "ACKNOWLEDGED", "Ada")
    ]
    assert [(row["alert"], row["recipient"], row["sent_at"]) for row in mails] == [(alert.id, "Ada", START)]
    assert [(row["schedule"], row["developer"], row["pages"]) for row in shifts] == [("Days", "Ada", 1)]
