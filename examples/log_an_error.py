import json
import os
import traceback
import urllib.request

LOG = """
mutation($input: LogErrorInput!) {
  logError(input: $input) {
    ... on LoggedError { outcome issueShortId isNew isRegression }
    ... on Failure { code message path }
  }
}
"""


def report(error, **more):
    fields = {
        "service": "checkout",
        "errorType": type(error).__name__,
        "message": str(error),
        "stackTrace": "".join(traceback.format_exception(error)),
        **more,
    }
    body = json.dumps({"query": LOG, "variables": {"input": fields}}).encode()
    headers = {"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(os.environ["URL"], body, headers), timeout=10) as answer:
        return json.load(answer)


try:
    {"SKU-1": 1999}["SKU-2"]
except KeyError as error:
    print(report(error, severity="HIGH", release="shop@2.4.1", user={"id": "u-7"}))
