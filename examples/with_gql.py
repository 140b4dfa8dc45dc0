import asyncio
import json
import os

from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportConnectionFailed
from gql.transport.websockets import WebsocketsTransport

WORST = """
query {
  issues(search: "is:unresolved", orderBy: { field: EVENT_COUNT }, first: 1) { nodes { id shortId title } }
}
"""
COMMENT = """
mutation($input: CommentOnIssueInput!) {
  commentOnIssue(input: $input) { ... on Activity { id } ... on Failure { code message } }
}
"""
WATCH = """
subscription($after: Cursor) {
  errorLogged(after: $after) {
    __typename
    ... on ErrorLogged { cursor event { service message } issue { shortId } }
    ... on StreamPosition { cursor }
    ... on StreamReset { cursor reason }
  }
}
"""


def connect():
    return Client(
        transport=WebsocketsTransport(
            url=os.environ["URL"].replace("http", "ws", 1),
            init_payload={"Authorization": f"Bearer {os.environ['TOKEN']}"},
        )
    )


async def main():
    async with connect() as session:  # a socket takes queries and mutations too
        for issue in (await session.execute(GraphQLRequest(WORST)))["issues"]["nodes"]:
            said = {"issueId": issue["id"], "body": "Looking into it."}
            answer = await session.execute(GraphQLRequest(COMMENT, variable_values={"input": said}))
            print(json.dumps({"issue": issue["title"], **answer["commentOnIssue"]}), flush=True)
    after = None
    while True:
        try:
            async with connect() as session:
                async for answer in session.subscribe(GraphQLRequest(WATCH, variable_values={"after": after})):
                    item = answer["errorLogged"]
                    after = item["cursor"]  # from here it goes on after a break, with nothing lost and nothing twice
                    print(json.dumps(item), flush=True)
        except (TransportConnectionFailed, OSError):
            await asyncio.sleep(1)


asyncio.run(main())
