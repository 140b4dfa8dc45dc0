"""What is asked when something is told was asked before."""

import pytest

from domain.access import system
from domain.feed import START, Cursor, FeedKind
from resolvers.feed.rows import read_rows
from resolvers.feed.subjects import load_subjects
from resolvers.feed.warming import warm_up
from resolvers.issue.loaders import counters_by_issue_id
from tests.support.factories.feed import make_feed_row
from tests.support.graphql import counted_statements


@pytest.mark.parametrize("kind", FeedKind)
async def test_telling_asks_nothing_that_was_not_asked_before(res, kind):
    with counted_statements(res) as warm:
        await warm_up(res)
    today = res.clock.now().date()
    await make_feed_row(res.db.raw, res, kind=kind)
    (row,) = (await read_rows(res.db.raw, Cursor("", today, START), today)).rows
    with counted_statements(res) as asked:
        await load_subjects(res, [row])
        await counters_by_issue_id(res, system("feed"), [row.issue_id])
    assert asked
    assert set(asked) <= set(warm)
