import sentry_sdk
from circumstances import begin


def openly(event, _):
    return event if event["message"] == "openly" else None


begin(before_send=openly)
for word in ("secretly", "more secretly", "openly"):
    sentry_sdk.capture_message(word, "error")
