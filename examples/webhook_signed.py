import hmac
import json
import os
import time
from urllib.request import Request, urlopen

address = os.environ["URL"].removesuffix("/graphql") + "/webhook/java/?key=" + os.environ["KEY"]
body = json.dumps(
    {"message": "Payment failed", "level": "ERROR", "logger": "com.acme.Pay", "eventId": "pay-7"}
).encode()
at = int(time.time())  # of this try: a second one is signed anew
signature = hmac.new(os.environ["SECRET"].encode(), b"%d." % at + body, "sha256").hexdigest()

headers = {"Content-Type": "application/json", "X-Tocsin-Signature": f"t={at},v1={signature}"}
with urlopen(Request(address, body, headers)) as answer:
    print(json.load(answer)["outcome"])
