from domain.access import system
from resolvers.resources import Resources
from schema.context import Context
from schema.root import build_schema
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


async def test_what_cannot_be_understood_is_told_with_its_column_wherever_it_is_asked(res: Resources):
    for document in (SEARCH, "query($search: String) { issues(search: $search) { totalCount } }"):
        result = await build_schema().execute(
            document, variable_values={"search": "timeout servce:x"}, context_value=Context(res, system())
        )
        (error,) = result.errors
        assert error.message.startswith("Column 9: there is no key `servce:`. Did you mean `service:`")
        assert (error.extensions["code"], error.extensions["path"]) == ("INVALID_INPUT", ["search"])
