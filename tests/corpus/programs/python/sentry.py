"""The same programs with Sentry's SDK: `sentry.py BUG NUMBER` prints the event that it would send."""

import json
import sys

import main as shop
import sentry_sdk

events = []


def kept(event, _hint):
    events.append(event)


sentry_sdk.init(
    dsn="https://key@127.0.0.1/1",
    before_send=kept,
    default_integrations=False,
    release=sys.argv[3],
    server_name="web-1",
)
shop.told = sentry_sdk.capture_exception
if sys.argv[1].startswith("web-"):
    import web

    web.told = sentry_sdk.capture_exception
    web.main(sys.argv[1], int(sys.argv[2]))
else:
    shop.main(sys.argv[1], int(sys.argv[2]))
sentry_sdk.flush()
print(json.dumps(events[0], default=str))
