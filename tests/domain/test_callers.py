from datetime import UTC, datetime, timedelta

import pytest

from domain.callers import is_slack, is_twilio

# The example of Slack's "Verifying requests from Slack".
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
STAMP = "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
    b".803a0bc887a14d10d2c447fce8b6703c"
)
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
AT = datetime.fromtimestamp(int(STAMP), UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"at": AT + timedelta(seconds=300)}, True),
        ({"at": AT + timedelta(seconds=301)}, False),
        ({"at": AT - timedelta(seconds=301)}, False),
        ({"body": BODY + b"&"}, False),
        ({"signature": SIGNATURE[:-1] + "4"}, False),
        ({"signature": ""}, False),
        ({"signature": "é"}, False),
        ({"timestamp": "soon"}, False),
        ({"timestamp": ""}, False),
        ({"timestamp": "٣"}, False),
        ({"secret": "other"}, False),
    ],
)
def test_slack_is_known_by_its_signature(changes, expected):
    call = {"secret": SECRET, "timestamp": STAMP, "body": BODY, "signature": SIGNATURE, "at": AT, **changes}
    assert is_slack(call.pop("secret"), **call) is expected


# The example of Twilio's "Webhooks security".
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
TWILIO = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"url": URL + "3"}, False),
        ({"form": {**FORM, "Digits": "1235"}}, False),
        ({"form": {**FORM, "More": ""}}, False),
        ({"signature": ""}, False),
        ({"signature": "é"}, False),
        ({"token": "other"}, False),
    ],
)
def test_twilio_is_known_by_its_signature(changes, expected):
    call = {"token": "12345", "url": URL, "form": FORM, "signature": TWILIO, **changes}
    assert is_twilio(call.pop("token"), **call) is expected
