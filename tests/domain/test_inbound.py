import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.admission import DropReason
from domain.errors import InvalidInput
from domain.event import Severity
from domain.inbound import (
    MOST_RULES,
    InboundFilters,
    SamplingRule,
    Sieve,
    check_filters,
    check_sampling,
    draw,
    filters_as_json,
    filters_from_json,
    rules_as_json,
    rules_from_json,
)
from domain.report import ExceptionInfo, Frame, Report


def a_report(**fields: object) -> Report:
    return Report(**{"service": "web", "error_type": "TypeError", "message": "x is undefined", **fields})


def thrown_at(place: str) -> list[ExceptionInfo]:
    return [ExceptionInfo("TypeError", frames=[Frame(filename="app.js"), Frame(absolute_path=place)])]


def why(filters: InboundFilters, **fields: object) -> DropReason | None:
    return Sieve(filters).refusal(a_report(**fields), otherwise="x")


@pytest.mark.parametrize(
    ("patterns", "message", "is_wanted"),
    [
        (["x is undefined"], "x is undefined", False),
        (["x is"], "x is undefined", True),
        (["X IS *"], "x is undefined", False),
        (["TypeError: x*"], "x is undefined", False),
        (["typeerror*undefined"], "x is undefined", False),
        (["? is *"], "x is undefined", False),
        (["?? is *"], "x is undefined", True),
        (["a", "*b*"], "two\nlines with b in it", False),
        (["*.[ch]"], "main.c", False),
        (["(x|y)*"], "x is undefined", True),
        ([], "x is undefined", True),
    ],
)
def test_messages_are_told_by_globs(patterns: list[str], message: str, is_wanted: bool):
    refusal = why(InboundFilters(messages=tuple(patterns)), message=message)
    assert refusal == (None if is_wanted else DropReason.FILTERED_MESSAGE)


@pytest.mark.parametrize(
    ("filters", "fields", "reason"),
    [
        ({"releases": ("1.*",)}, {"release": "1.4"}, DropReason.FILTERED_RELEASE),
        ({"releases": ("1.*",)}, {"release": "2.0"}, None),
        ({"releases": ("*",)}, {"release": None}, None),
        ({"environments": ("dev*",)}, {"environment": "development"}, DropReason.FILTERED_ENVIRONMENT),
        ({"environments": ("dev*",)}, {"environment": "production"}, None),
    ],
)
def test_releases_and_environments_are_told_by_globs(filters, fields, reason):
    assert why(InboundFilters(**filters), **fields) == reason


@pytest.mark.parametrize(
    "place",
    [
        "chrome-extension://abc/content.js",
        "moz-extension://abc/x.js",
        "safari-extension://abc/x.js",
        "safari-web-extension://abc/x.js",
        "ms-browser-extension://abc/x.js",
        "webkit-masked-url://hidden/",
    ],
)
def test_code_of_a_browser_extension_is_known_wherever_it_stands(place: str):
    filters = InboundFilters(browser_extensions=True)
    assert why(filters, exceptions=thrown_at(place)) == DropReason.FILTERED_BROWSER_EXTENSION
    assert why(filters, raw_stack_trace=f"E\n at f ({place}:1:2)") == DropReason.FILTERED_BROWSER_EXTENSION
    assert why(filters, exceptions=thrown_at("https://shop.example/extension.js")) is None
    assert why(InboundFilters(), exceptions=thrown_at(place)) is None


ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ROBOT},
        {"HTTP_USER_AGENT": ROBOT},
        {"user-agent": [ROBOT]},
        [["Host", "a"], ["user-agent", ROBOT]],
        f"Host: a\r\nUser-Agent: {ROBOT}\r\n",
    ],
)
def test_a_robot_is_known_in_whichever_shape_headers_come(headers):
    filters = InboundFilters(web_crawlers=True)
    assert why(filters, request={"headers": headers}) == DropReason.FILTERED_WEB_CRAWLER
    assert why(filters, request={"headers": {"User-Agent": PERSON}}) is None


@pytest.mark.parametrize("headers", [None, 7, [], [[]], ["a"], {"User-Agent": None}, {"User-Agent": []}, ""])
def test_headers_of_no_shape_are_nobody(headers):
    assert why(InboundFilters(web_crawlers=True), request={"headers": headers}) is None


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://localhost:3000/a", True),
        ("http://shop.localhost/", True),
        ("https://127.0.0.1/", True),
        ("http://[::1]:8000/", True),
        ("https://localhost.example.com/", False),
        ("https://shop.example/localhost", False),
        ("http://[broken", False),
        (None, False),
    ],
)
def test_localhost_is_told_by_the_host(url, is_local: bool):
    refusal = why(InboundFilters(localhost=True), request={"url": url})
    assert refusal == (DropReason.FILTERED_LOCALHOST if is_local else None)


@given(st.text(), st.floats(0, 1))
def test_a_retry_is_decided_as_the_first_try_was(name: str, rate: float):
    sieve = Sieve(rules=(SamplingRule(rate),))
    assert 0 <= draw(name) < 1
    for fields in ({"event_id": name or "a"}, {"trace_id": name or "a"}, {"trace_id": name or "a", "event_id": "b"}):
        first, again = (sieve.refusal(a_report(**fields), otherwise=other) for other in ("1", "2"))
        assert first == again == (None if draw(name or "a") < rate else DropReason.SAMPLED)


def test_the_share_that_is_kept_is_the_rate():
    sieve = Sieve(rules=(SamplingRule(0.25),))
    kept = sum(sieve.refusal(a_report(event_id=str(number)), otherwise="") is None for number in range(20_000))
    assert 4_750 < kept < 5_250


def test_the_first_rule_that_fits_decides():
    sieve = Sieve(
        rules=(
            SamplingRule(1, severities=(Severity.CRITICAL,)),
            SamplingRule(0, releases=("1.*",), environments=("prod*",)),
            SamplingRule(0, messages=("noise*",)),
        )
    )

    def is_kept(**fields: object) -> bool:
        return sieve.refusal(a_report(**fields), otherwise="x") is None

    assert is_kept(severity=Severity.CRITICAL, release="1.0", message="noise")
    assert not is_kept(release="1.0")
    assert is_kept(release="1.0", environment="qa")
    assert not is_kept(message="noise of it")
    assert is_kept()


def test_what_is_stored_is_what_was_set():
    filters = InboundFilters(("b", "a"), ("1",), (), True, False, True)
    assert check_filters(filters).messages == ("a", "b")
    assert filters_from_json(filters_as_json(filters)) == filters
    assert filters_from_json({}) == InboundFilters()
    rules = (SamplingRule(0.5, (Severity.LOW,), ("a",), ("b",), ("c",)), SamplingRule(1.0))
    assert rules_from_json(rules_as_json(rules)) == rules
    assert (Sieve().is_open, Sieve(filters).is_open, Sieve(rules=rules).is_open) == (True, False, False)


@pytest.mark.parametrize(
    ("check", "path"),
    [
        (lambda: check_filters(InboundFilters(messages=("x" * 501,))), ("inboundFilters", "messages")),
        (lambda: check_filters(InboundFilters(releases=tuple(map(str, range(101))))), ("inboundFilters", "releases")),
        (lambda: check_filters(InboundFilters(environments=("a\0",))), ("inboundFilters", "environments")),
        (lambda: check_sampling([SamplingRule(1.1)]), ("samplingRules", "0", "rate")),
        (lambda: check_sampling([SamplingRule(1), SamplingRule(float("nan"))]), ("samplingRules", "1", "rate")),
        (lambda: check_sampling([SamplingRule(1, messages=(" ",))]), ("samplingRules", "0", "messages")),
        (lambda: check_sampling([SamplingRule(1)] * (MOST_RULES + 1)), ("samplingRules",)),
    ],
)
def test_what_is_wrong_is_named(check, path: tuple[str, ...]):
    with pytest.raises(InvalidInput) as refusal:
        check()
    assert refusal.value.path == path


def test_a_hostile_pattern_takes_no_time():
    filters = InboundFilters(messages=("*a" * 250 + "b",))
    assert why(filters, message="a" * 8192) is None
