"""Ada, reached by one way, and what she is told of."""

from collections import Counter
from typing import Any

from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from models import Developer, Notification
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from tests.support.factories.alert import make_alert, set_alert
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows


class Reader:
    """Ada, reached by one way, and what she is told of."""

    def __init__(self, res: Resources, ada: Developer, channel: Channel) -> None:
        self.res, self.ada, self.channel = res, ada, channel

    async def tell(
        self,
        *titles: str,
        severity: Severity = Severity.HIGH,
        kind: NotificationKind = NotificationKind.NEW_ISSUE,
        rings: bool = True,
    ) -> list[Notification]:
        """A notification of each, of an issue and, where it rings, an alert of its own."""
        project = await make_project(self.res)
        rows = []
        for title in titles:
            issue = await make_issue(self.res, project, title=title, severity=severity)
            alert = await make_alert(self.res, issue) if rings else None
            async with self.res.db.transaction() as tx:
                rows += await notify(
                    self.res, tx, kind=kind, issue=issue, alert=alert, recipient=self.ada,
                    reason="You know it.", dedup=str(issue.id),
                )  # fmt: skip
        return [row for row in rows if row.channel is self.channel]

    async def rows(self) -> list[Notification]:
        return await all_rows(self.res, Notification, Notification.channel == self.channel)

    async def statuses(self) -> Counter[str]:
        return Counter(row.status for row in await self.rows())

    async def set_alert(self, row: Notification, status: AlertStatus) -> None:
        assert row.alert_id is not None
        await set_alert(self.res, row.alert_id, status)


async def sit_down(res: Resources, channel: Channel, value: str = "", **rule: Any) -> Reader:
    """Ada, in Berlin, with one rule for that channel."""
    ada = await make_developer(res, name="Ada", timezone="Europe/Berlin")
    if channel is not Channel.EMAIL:
        await make_contact(res, ada, channel, value=value)
    await make_rule(res, ada, channel, **rule)
    return Reader(res, ada, channel)
