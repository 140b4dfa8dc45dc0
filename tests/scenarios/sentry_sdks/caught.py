import sentry_sdk
from circumstances import PaymentDeclined, begin, charge

begin()
try:
    try:
        {}["SKU-1"]
    except KeyError as missing:
        try:
            charge("caught")
        except PaymentDeclined as declined:
            raise declined from missing
except PaymentDeclined as error:
    sentry_sdk.capture_exception(error)
