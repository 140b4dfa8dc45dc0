"""Documents that log errors, and variables for them: usual ones, odd ones, and such as are refused."""

from collections.abc import Callable
from random import Random
from typing import Any

_LOGGED = ("outcome", "eventId", "issueId", "issueShortId", "isNew", "isRegression", "__typename")
_FAILURE = ("code", "message", "path", "__typename")
_PAYLOAD = ("stored", "refused", "__typename")


def a_document(random: Random, field: str) -> str:
    """A document of one logging field, valid but for a few."""
    argument, kind = ("input", "LogErrorInput!") if field == "logError" else ("inputs", "[LogErrorInput!]!")
    fragments: list[str] = []
    of = _of_result if field == "logError" else _of_payload
    alias = random.choice(["", "", "", "it: ", f"{field}: "])
    variable = random.choice(["input", "v"])
    defined = random.choice([f"${variable}: {kind}"] * 8 + [f"${variable}: {kind} = null", f"${variable}: JSON"])
    selection = of(random, fragments)
    name = random.choice(["", "", "Log"])
    directive = random.choice([""] * 9 + [" @include(if: true)"])
    body = f"{alias}{field}({argument}: ${variable}){directive} {{ {selection} }}"
    second = random.choice([""] * 12 + [f" second: {field}({argument}: ${variable}) {{ __typename }}", " nothing"])
    return " ".join([f"mutation {name}({defined}) {{ {body}{second} }}", *fragments])


def variables_for(document: str, random: Random) -> dict[str, Any]:
    """Variables that the document may be given."""
    name = "v" if "$v:" in document else "input"
    if "logErrors" not in document:
        value: Any = an_input(random)
    else:
        value = [an_input(random) for _ in range(random.choice([0, 1, 3, 7]))]
        value = random.choice([value] * 8 + [value[0] if value else None, [None], "none"])
    return random.choice([{name: value}] * 12 + [{}, {name: None}, {name: value, "more": 1}])


def an_input(random: Random) -> Any:
    """A report, sound in most ways."""
    given: dict[str, Any] = {
        "service": random.choice(["checkout"] * 20 + ["", "x" * 200, 7, None]),
        "errorType": random.choice(["ValueError", "TypeError", "ValueError"]),
        "message": random.choice(["bad total", "bad total", "lone \ud83d surrogate", "NUL \0 in it", "", "x" * 9000]),
    }
    for name in random.sample(sorted(_SOUND), random.randrange(6)):
        given[name] = random.choice(_SOUND[name])
    if random.random() < 0.1:
        name = random.choice(sorted(_ODD))
        given[name] = random.choice(_ODD[name])
    if random.random() < 0.02:
        del given[random.choice(sorted(given))]
    return given


def _frames(*functions: str) -> list[dict[str, Any]]:
    return [{"function": name, "module": "shop.cart", "line": 7, "inApp": True} for name in functions]


_SOUND: dict[str, list[Any]] = {
    "severity": ["LOW", "CRITICAL", "INFO"],
    "environment": ["staging", "production", "e" * 100],
    "release": ["1.0", "2.0", None],
    "errorCode": ["E1", None],
    "stackTrace": ['Traceback (most recent call last):\n  File "a.py", line 3, in pay\n    x\nValueError: no', "junk"],
    "exceptions": [
        [{"type": "KeyError", "message": "k", "frames": _frames("a", "b")}, {"type": "ValueError", "handled": False}],
        [{"type": "T", "frames": [{"preContext": ["a", "b"], "contextLine": "d", "variables": {"password": "x"}}]}],
        [],
    ],
    "line": [3, -1, None],
    "endpoint": ["/pay?token=abc", None],
    "request": [{"method": "GET", "url": "https://a.b/c?token=s", "headers": {"Cookie": "x"}}],
    "response": [{"statusCode": 500, "body": "{}"}, None],
    "user": [{"id": "1", "email": "a@b.c"}, {}, None],
    "tags": [[{"key": "a", "value": "b"}], [], None],
    "contexts": [{"a": {"b": [1, None, 2.5, "c"]}}, "text", 1, None, [1]],
    "breadcrumbs": [
        [{"at": "2026-01-31T12:00:00Z", "message": "m", "data": {"n": 1}}],
        [{"at": "2026-01-31T12:00:00"}, {"at": None}],
    ],
    "fingerprint": [["a", "b"], ["{{ default }}", "x"]],
    "eventId": ["e-1", "e-2", "00000000-0000-4000-8000-000000000000", None],
    "occurredAt": ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00", "2026-01-31", None],
    "project": [None],
    "sessionId": ["s"],
}
# What GraphQL coerces or refuses.
_ODD: dict[str, list[Any]] = {
    "severity": ["loud", None, 3],
    "environment": [None],
    "release": [3],
    "exceptions": [
        {"type": "One"},
        [{"message": "no type"}],
        [None],
        [{"type": "T", "frames": [{"line": 1.0, "column": 2**31}]}],
        [{"type": "T", "frames": [{"postContext": "c", "what": 1}]}],
    ],
    "line": [2**31, "3", 1.5],
    "request": [{"statusCode": True}, 1],
    "user": [{"id": 1}],
    "tags": [{"key": "a", "value": "b"}, [{"key": "a"}]],
    "breadcrumbs": [[{"at": "2026-01-31T12:00:00Z"}, {"at": "yesterday"}]],
    "fingerprint": ["a", [None], [1]],
    "eventId": [17, True],
    "occurredAt": ["soon", 5],
    "project": ["nowhere", ""],
    "unheardOf": [1],
}


def _some(random: Random, names: tuple[str, ...]) -> list[str]:
    chosen = random.sample(names, random.randrange(1, len(names)))
    # A name is given to one field only, as fields that share one must be of the same type.
    return [f"{random.choice(['', '', f'x{name}: '])}{name}" for name in chosen]


def _of_failure(random: Random, _fragments: list[str]) -> str:
    return " ".join(_some(random, _FAILURE))


def _of_logged(random: Random, fragments: list[str]) -> str:
    parts = _some(random, _LOGGED)
    if random.random() < 0.4:
        parts.append(f"failure {{ {_wrapped(random, fragments, 'Failure', 'InvalidInput', _of_failure)} }}")
    if random.random() < 0.1:
        parts.append("failure { message }")
    if random.random() < 0.05:
        parts.append("issue { title }")
    random.shuffle(parts)
    return " ".join(parts)


def _of_result(random: Random, fragments: list[str]) -> str:
    logged, failure = _of_logged(random, fragments), _of_failure(random, fragments)
    parts = ["__typename", f"... on LoggedError {{ {logged} }}", f"... on Failure {{ {failure} }}"]
    if random.random() < 0.3:
        fragments.append("fragment Refused on InvalidInput { path code }")
        parts.append("...Refused")
    return " ".join(random.sample(parts, random.randrange(1, len(parts) + 1)))


def _of_payload(random: Random, fragments: list[str]) -> str:
    parts = _some(random, _PAYLOAD)
    parts.append(f"results {{ {_wrapped(random, fragments, 'LoggedError', 'LoggedError', _of_logged)} }}")
    random.shuffle(parts)
    return " ".join(parts)


def _wrapped(
    random: Random, fragments: list[str], outer: str, inner: str, make: Callable[[Random, list[str]], str]
) -> str:
    """A selection, plain or within a fragment."""
    selection, way = make(random, fragments), random.random()
    if way < 0.6:
        return selection
    if way < 0.8:
        return f"... on {random.choice([outer, inner])} {{ {selection} }} __typename"
    name = f"F{len(fragments)}"
    fragments.append(f"fragment {name} on {outer} {{ {selection} }}")
    return f"...{name}"
