import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import parameterise


@pytest.mark.parametrize(
    ("message", "template"),
    [
        ("User 42 not found", "User <int> not found"),
        ("user_42 x-17 -5 a-5 +3.5e10", "user_<int> x-<int> <int> a-<int> <int>"),
        ("1,234,567 of 12KB, 512MiB", "<int> of <int>KB, <int>MiB"),
        ("took 12.5ms, 5 seconds, 3 h", "took <duration>, <duration>, <duration>"),
        ("no 550e8400-e29b-41d4-a716-446655440000", "no <uuid>"),
        ("key='abc' name=\"x y\" said 'abc'", "key=<quoted> name=<quoted> said 'abc'"),
        ("no number: 'mug 3', \"x9\" in 'mugs'", "no number: <quoted>, <quoted> in 'mugs'"),
        ('"a" 5 "b." 6 "c"', '"a" <int> "b." <int> "c"'),
        ("it isn't 5, they're 6", "it isn't <int>, they're <int>"),
        ("open '/etc/shop.v1' failed", "open '/etc/shop.v1' failed"),
        ("open '/tmp/tmpabcd_x' failed", "open '/tmp/<part>' failed"),
        ("[04/May/2026:10:11:12 +0000] late", "[<date>] late"),
        ("at 2026-01-01T12:00:00.123Z", "at <date>"),
        ("at 2026-01-01 12:00:00 +0100", "at <date>"),
        ("at Mon, 05 Jan 2026 00:00:00 GMT", "at <date>"),
        ("at Mon Jan 05 2026 00:00:00 GMT+0100 (CET)", "at <date>"),
        ("Jan  1 12:00:00 host", "<date> host"),
        ("at 12:30", "at <time>"),
        ("0xdeadbeef deadbeef1 DEADBEEF12", "<hex> <hex> <hex>"),
        ("deadbeef dEADBEEF12", "deadbeef dEADBEEF12"),
        ("joe.x@example.com from 10.0.0.1:8080 fe80::1", "<email> from <ip> <ip>"),
        ("std::vector Foo::bar", "std::vector Foo::bar"),
        ("GET http://x.y/z?a=1 failed", "GET <url> failed"),
        ("/users/123/orders/abc12x34", "/users/<int>/orders/<part>"),
        ("/api/v2/users /tmp/tmpab12cd/x", "/api/v2/users /tmp/<part>/x"),
        ("order_3NfW8a2eZvKYlo2C", "order_<id>"),
        ("5 of 日本5", "<int> of 日本<int>"),
        ("first\n\n  second  line\nthird 3", "first second line"),
        ("", ""),
    ],
)
def test_templates(message, template):
    assert parameterise(message) == template


def test_a_number_that_was_taken_for_a_card_is_a_number_still():
    assert parameterise("order [REDACTED] failed") == parameterise("order 4111111111111112 failed")


@given(st.integers(0, 10**18), st.integers(0, 10**18))
def test_messages_that_differ_in_a_number_share_their_template(one, other):
    assert parameterise(f"order {one} failed") == parameterise(f"order {other} failed")


@given(st.uuids(), st.uuids(), st.ip_addresses(v=4), st.ip_addresses(v=4))
def test_messages_that_differ_in_ids_share_their_template(id_a, id_b, ip_a, ip_b):
    assert parameterise(f"lost {id_a} of {ip_a}") == parameterise(f"lost {id_b} of {ip_b}")


@given(st.text())
def test_any_text_has_a_template_of_one_line(text):
    assert "\n" not in parameterise(text)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "a1",
        "1,",
        '="',
        "a@",
        "1:",
        "/a.1",
        "a-",
        "+",
        "1.",
        " \n",
        "1 Jan ",
        "a.",
        "ab://",
        "\\",
        "(",
        "-1",
        "a:",
        "1:1",
        "0x1",
        "/a1.",
        "Jan 1 ",
        "='",
        "1e",
        "a@b.",
        ' "1',
        " '",
        " 'a",
        "/tmp/",
        "1/Jan/",
    ],
)
def test_hostile_messages_are_read_once(unit):
    parameterise(unit * (262_144 // len(unit)))
