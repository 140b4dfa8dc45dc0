import os

import sentry_sdk

sentry_sdk.init(dsn=os.environ["DSN"], release="shop@2.4.1", environment="staging")
sentry_sdk.set_tag("service", "checkout")

try:
    {"SKU-1": 1999}["SKU-2"]
except KeyError as error:
    print(sentry_sdk.capture_exception(error))
