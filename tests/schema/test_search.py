from domain.access import system
from resolvers.resources import Resources
from tests.support.clock import START
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask

SEARCH = """
query($search: String, $filter: IssueFilter) {
  issues(search: $search, filter: $filter, first: 1) { nodes { shortId } totalCount pageInfo { hasNextPage } }
}
"""


async def test_issues_are_searched_and_counted(res: Resources):
    project = await make_project(res)
    for number in range(3):
        await make_issue(res, project, short_id=f"SHOP-{number}", message="timeout" if number else "refused")
    answer = (await ask(res, system(), SEARCH, search="timeouts last:24h", filter={"service": ["checkout"]}))["issues"]
    assert (answer["totalCount"], answer["pageInfo"]["hasNextPage"]) == (2, True)
    assert (await ask(res, system(), SEARCH, search="refused"))["issues"]["nodes"] == [{"shortId": "SHOP-0"}]
    assert (await ask(res, system(), SEARCH, search=f"first:{START.date()}"))["issues"]["totalCount"] == 3
