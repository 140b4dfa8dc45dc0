import json
import os
import urllib.request

WORST = """
query($filter: IssueFilter, $after: String) {
  issues(filter: $filter, orderBy: { field: EVENT_COUNT }, first: 100, after: $after) {
    nodes { shortId title eventCount userCount assignee { name } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def ask(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(os.environ["URL"], body, headers), timeout=10) as answer:
        return json.load(answer)["data"]


after = None
while True:
    page = ask(WORST, filter={"status": ["UNRESOLVED"], "minSeverity": "HIGH"}, after=after)["issues"]
    for issue in page["nodes"]:
        print(issue["shortId"], issue["eventCount"], issue["title"])
    if not page["pageInfo"]["hasNextPage"]:
        break
    after = page["pageInfo"]["endCursor"]
