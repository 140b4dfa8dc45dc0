import pytest

from domain.event import Severity
from tests.support.webhooks import frames_of, report_of

TRACE = [
    {"file": "/srv/app/Http/CartController.php", "line": 31, "function": "pay", "class": "App\\Cart", "type": "->"},
    {
        "file": "/srv/vendor/laravel/framework/Route.php",
        "line": 5,
        "function": "store",
        "class": "App\\Http\\CartController",
    },
]
TEXT = "#0 /srv/app/Http/CartController.php(31): App\\Cart->pay()\n#1 {main}"
THROWN = {"file": "/srv/app/Cart.php", "line": 12}


def test_what_laravel_answers_in_json_is_read_with_its_calls():
    report = report_of("laravel", {"message": "no total", "exception": "App\\NoTotal", **THROWN, "trace": TRACE})
    assert (report.error_type, report.message, report.severity) == ("App\\NoTotal", "no total", Severity.MEDIUM)
    assert frames_of(report) == [
        ("pay", "/srv/app/Cart.php", 12),
        ("store", "/srv/app/Http/CartController.php", 31),
        ("{main}", "/srv/vendor/laravel/framework/Route.php", 5),
    ]
    assert [frame.in_app for frame in report.exceptions[-1].frames] == [False, True, True]


@pytest.mark.parametrize("exception", [{"class": "App\\NoTotal", **THROWN, "trace": TEXT}, None])
def test_a_trace_as_text_is_read_with_the_place_where_it_was_thrown(exception):
    loose = {"class": "App\\NoTotal", **THROWN, "trace": TEXT, "message": "no total"}
    report = report_of("laravel", {"message": "no total", "exception": exception} if exception else loose)
    assert report.error_type == "App\\NoTotal"
    assert frames_of(report) == [("pay", "/srv/app/Cart.php", 12), ("{main}", "/srv/app/Http/CartController.php", 31)]


def test_causes_whose_traces_are_texts_are_read():
    cause = {"class": "PDOException", "message": "gone", "file": "/srv/app/Db.php", "line": 3, "trace": TEXT}
    report = report_of(
        "laravel", {"class": "App\\Failed", "message": "not saved", **THROWN, "trace": TEXT, "previous": cause}
    )
    assert [(each.type, each.message) for each in report.exceptions] == [
        ("PDOException", "gone"),
        ("App\\Failed", "not saved"),
    ]


def test_a_record_of_monolog_is_read_with_its_causes():
    cause = {"class": "PDOException", "message": "gone", "file": "/srv/vendor/db.php:8", "trace": ["/srv/app/Db.php:3"]}
    thrown = {
        "class": "App\\Failed",
        "message": "not saved",
        "code": 0,
        "file": "/srv/app/Save.php:9",
        "previous": cause,
    }
    report = report_of("laravel", {
        "message": "not saved", "context": {"exception": thrown, "userId": 7}, "level": 500, "level_name": "CRITICAL",
        "channel": "staging", "datetime": {"date": "2026-03-02 09:15:27.000000", "timezone_type": 1, "timezone": "+02:00"},
        "extra": {"url": "/save", "http_method": "PUT", "ip": "192.0.2.1"},
    })  # fmt: skip
    assert [exception.type for exception in report.exceptions] == ["PDOException", "App\\Failed"]
    assert frames_of(report) == [(None, "/srv/app/Save.php", 9)]
    assert (report.severity, report.environment, report.error_code) == (Severity.CRITICAL, "staging", None)
    assert (report.user, report.request) == ({"id": "7", "ip_address": "192.0.2.1"}, {"method": "PUT", "url": "/save"})
    assert report.occurred_at.isoformat() == "2026-03-02T07:15:27+00:00"


def test_an_exception_in_a_line_of_a_log_is_read():
    text = f"[object] (App\\\\NoTotal(code: 0): no total at /srv/app/Cart.php:12)\n[stacktrace]\n{TEXT}"
    report = report_of("laravel", {"message": "no total", "context": {"exception": text}, "level_name": "ERROR"})
    assert (report.error_type, report.message) == ("App\\NoTotal", "no total")
    assert frames_of(report)[0] == ("pay", "/srv/app/Cart.php", 12)


def test_a_channel_that_somebody_named_is_no_environment():
    report = report_of("laravel", {"message": "late", "level": 300, "channel": "payments"})
    assert (report.environment, report.severity) == ("production", Severity.LOW)
    assert report.tags == [("channel", "payments")]


def test_a_trace_that_is_neither_text_nor_calls_is_noted():
    assert "trace: neither a text nor a list of calls, dropped" in report_of("laravel", {"trace": 7}).notes
