import pytest

from domain.apprise import check_apprise_url, shown_apprise_url, without_parts
from domain.errors import InvalidInput


@pytest.mark.parametrize(
    "url", ["ntfy://topic", "NTFYS://ann:secret@ntfy.example.com/topic?priority=high", "discord://12345/to-ken_x"]
)
def test_the_address_of_a_service_that_works_by_http_is_taken(url: str):
    assert check_apprise_url(f" {url} ") == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "must be"),
        ("ntfy", "must be an address of Apprise"),
        ("https://discord.com/api/webhooks/1/token", "must be an address of Apprise"),
        ("ntfy://a, json://b", "must be an address of Apprise"),
        ("mailto://ann:secret@example.com", "is no service of Apprise that works by HTTP"),
        ("syslog://", "must be an address of Apprise"),
        ("syslog://local7", "works by HTTP"),
        ("dbus://x", "works by HTTP"),
        ("file:///etc/passwd", "works by HTTP"),
        ("vapid://x", "works by HTTP"),
        ("nonsense://x", "works by HTTP"),
        ("json://example.com/" + "x" * 2000, "2000"),
    ],
)
def test_any_other_is_refused_and_named(url: str, why: str):
    with pytest.raises(InvalidInput, match=why) as refused:
        check_apprise_url(url)
    assert refused.value.path == ("value",)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("discord://123456789012/AbCdEfGhIjKl-WxYz", "discord://…WxYz"),
        ("NTFY://topic", "ntfy://…"),
        ("gotify://gotify.internal.example.com/a-token", "gotify://…"),
        ("json://h.example.com/0123456789abcdef0?user=ann", "json://…"),
        ("json://ann:secret@host", "json://…"),
    ],
)
def test_an_address_is_shown_by_its_service_alone(url: str, said: str):
    assert shown_apprise_url(url) == said


@pytest.mark.parametrize(
    ("text", "url", "left"),
    [
        ("Failed at /hooks/AbCdEf on mm.example.com.", "mmost://mm.example.com/AbCdEf", "Failed at /hooks/… on …."),
        ("As abcdef and ABCDEF", "json://h.example/abcdef", "As … and …"),
        ("p@ss word", "json://ann:p%40ss%20word@h.example", "…"),
        ("p%40ss%20word", "json://ann:p%40ss%20word@h.example", "…"),
        ("Sent a token ab.", "json://h.example/ab/a", "Sent … token …."),
        ("See ?key=secret-key&x", "json://h.example/?key=secret-key", "See ?…=…&x"),
        ("Nothing of it.", "json://h.example/in/secret", "Nothing of it."),
    ],
)
def test_nothing_of_an_address_is_repeated(text: str, url: str, left: str):
    assert without_parts(text, url) == left
