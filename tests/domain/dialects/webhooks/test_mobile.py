import pytest

from domain.event import Severity
from tests.support.webhooks import frames_of, report_of

DART = "#0      Cart.pay (package:shop/cart.dart:12:5)\n#1      main (package:shop/main.dart:3:1)"
KOTLIN = "java.lang.IllegalStateException: closed\n\tat com.acme.Cart.pay(Cart.kt:12)"


@pytest.mark.parametrize(
    ("printed", "kind", "message"),
    [
        ("FormatException: Unexpected character", "FormatException", "Unexpected character"),
        ("RangeError (index): Invalid value: 0", "RangeError", "Invalid value: 0"),
        ("Exception: no total", "Exception", "no total"),
        ("Bad state: No element", "StateError", "Bad state: No element"),
        ("Null check operator used on a null value", "TypeError", "Null check operator used on a null value"),
        ("type 'Null' is not a subtype of type 'String'", "TypeError", "type 'Null' is not a subtype of type 'String'"),
        (
            "PlatformException(403, denied, null, null)",
            "PlatformException",
            "PlatformException(403, denied, null, null)",
        ),
        ("java.lang.IllegalStateException: closed", "IllegalStateException", "closed"),
        ("something else", "Error", "something else"),
    ],
)
def test_an_exception_is_read_as_it_is_printed(printed, kind, message):
    for name in ("exception", "error", "message"):
        report = report_of("mobile", {name: printed})
        assert (report.error_type, report.message) == (kind, message), name


@pytest.mark.parametrize(
    ("trace", "frame"), [(DART, ("Cart.pay", "package:shop/cart.dart", 12)), (KOTLIN, ("pay", "Cart.kt", 12))]
)
def test_traces_of_both_worlds_are_read(trace, frame):
    report = report_of("mobile", {"exceptionType": "StateError", "message": "closed", "stackTrace": trace})
    assert (report.error_type, frames_of(report)[0]) == ("StateError", frame)


@pytest.mark.parametrize(
    ("app", "release"),
    [
        ({"version": "2.4.1", "build": "87"}, "2.4.1+87"),
        ({"version": "2.4.1+87", "build": 87}, "2.4.1+87"),
        ({"version": "2.4.1"}, "2.4.1"),
        ({"versionName": "2.4.1", "versionCode": 87}, "2.4.1+87"),
    ],
)
def test_the_release_has_version_and_build(app, release):
    assert report_of("mobile", {"message": "m", "app": app}).release == release
    assert report_of("mobile", {"message": "m", "release": "7"}).release == "7"


def test_a_crash_is_critical():
    assert report_of("mobile", {"message": "m", "fatal": True}).severity is Severity.CRITICAL
    assert report_of("mobile", {"message": "m", "fatal": False}).severity is Severity.MEDIUM
    assert report_of("mobile", {"message": "m", "fatal": True, "severity": "low"}).severity is Severity.LOW


def test_device_and_system_are_tags():
    report = report_of("mobile", {
        "message": "m", "device": {"model": "Pixel 8", "manufacturer": "Google", "os": "Android", "osVersion": "16"},
        "packageName": "com.example.shop", "currentRoute": "/cart", "platform": "android",
    })  # fmt: skip
    assert (report.service, report.endpoint) == ("com.example.shop", "/cart")
    assert dict(report.tags) == {
        "platform": "android",
        "os": "Android 16",
        "device": "Pixel 8",
        "manufacturer": "Google",
    }
