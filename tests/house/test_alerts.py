"""Who writes a step of an alert tells it in the feed, or cannot commit: a trigger in every test's database sees to it."""

import pytest
from sqlalchemy.exc import DBAPIError

from domain.alert import AlertStatus
from models import Alert
from resolvers.resources import Resources
from tests.support.factories.alert import make_alert, set_alert
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import only_row


async def test_a_step_that_is_not_told_is_not_committed(res: Resources):
    issue = await make_issue(res, await make_project(res))
    made = await make_alert(res, issue)
    with pytest.raises(DBAPIError, match="is not told in the feed"):
        async with res.db.transaction() as tx:
            (await tx.session.get_one(Alert, made.id)).status = AlertStatus.RESOLVED
    opened = Alert(**made.model_dump() | {"id": issue.id, "status": AlertStatus.RESOLVED})
    with pytest.raises(DBAPIError, match="is not told in the feed"):
        async with res.db.transaction() as tx:
            tx.session.add(opened)
    assert (await only_row(res, Alert)).status is AlertStatus.TRIGGERED
    await set_alert(res, made.id, AlertStatus.RESOLVED)
    assert (await only_row(res, Alert)).status is AlertStatus.RESOLVED
