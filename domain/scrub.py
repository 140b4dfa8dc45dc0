"""What in a report is secret, and what is left of it?

By key: whatever stands under a key whose name holds one of `_PARTS` or one of the project's own words, or is one of
`_WHOLE`, goes whole, be it a text, a number or a list. Case, `-` and `_` do not count. `token` as a part takes
`tokenizer` too: better too much than too little. The one exception are numbers under keys that count or say yes and no
(`_COUNTERS`), since nobody's secret is a number of tokens.

By value: card numbers and private keys are taken out of every text, passwords out of URLs, and values out of texts that
are visibly JSON, a form or a printed dictionary.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from domain.card import replace_cards

REDACTED = "[REDACTED]"

_PARTS = (
    "password", "passwd", "pwd", "passphrase", "token", "apikey", "accesskey", "privatekey", "secret", "credential",
    "csrf", "xsrf", "authorization", "cookie",
)  # fmt: skip
_WHOLE = frozenset({"auth", "jwt", "pin", "cvc", "cvv", "cvv2", "cardnumber", "pan", "ssn"})
_COUNTERS = frozenset({
    "tokencount", "tokens", "maxtokens", "totaltokens", "prompttokens", "completiontokens", "inputtokens",
    "outputtokens", "cookieenabled", "cookiesenabled",
})  # fmt: skip
_SEPARATORS = str.maketrans("", "", "-_ ")
_LONGEST_KEY = 200

# One look that lets most texts pass. Nothing is cheaper: it starts with a set of characters, which the engine skips to.
_SUSPECT = re.compile(
    r"""[:?P"'0-9](?://|RIVATE KEY|[0-9](?<![0-9]..)[0-9]++(?:[ +-][0-9]{3}|(?<=[0-9]{13}))"""
    r"""|(?<=["'])\s*:|(?<=\?)[^=?\s]++=)""",
    re.DOTALL,
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_URL_REST = re.compile(r"""://[^\s"'<>\\]+""")
_QUERY_REST = re.compile(r"""\?[^\s"'<>\\]+""")
_AUTHORITY = re.compile(r"[^/?#]*")
# A port is no password: `host:3000/src/@scope/x.js`.
_PASSWORD_WITH_SLASH = re.compile(r"[^:/?#\[]*:(?![0-9]{1,5}(?:[/?#]|\Z))[^@]*@")
_MARK = re.compile(r"[?#]")
_NEXT_KEY = re.compile(r"[;?#]")
_FORM = re.compile(r"[^\s=&{}\"<>]+=[^\s{}\"<>]*+\s*\Z")
_FORM_PART = re.compile(
    r"""name="([^"]{1,100})"[^\r\n]*+(?:\r?\n[^\r\n]++)*+\r?\n\r?\n(.*?)(?=\r?\n--|\Z)""", re.DOTALL
)
_QUOTED_KEY = re.compile(r"""(\\{0,8}["'])([\w .\[\]-]{1,100})\1\s*:\s*""")
# A list or an object goes to the end of the text: where it would have ended takes a parser, and this text has none.
_VALUE = re.compile(
    r"""[bru]?(?:"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?)|\\{1,8}(["']).*?(?:\\{1,8}\1|\Z)|[{\[].*|[^\s,})\]]*+""",
    re.DOTALL,
)


class SecretKeys:
    """Which keys hold secrets, the built-in ones and a project's own, and what that means for texts with keys."""

    def __init__(self, extra: frozenset[str] = frozenset()) -> None:
        words = [*_PARTS, *sorted(word for word in map(_plain, extra) if word)]
        self._find = re.compile("|".join(map(re.escape, words))).search
        self._is_secret: Callable[[str], bool] = lru_cache(maxsize=1024)(self._judge)

    def is_secret(self, key: str) -> bool:
        """Whether what stands under the key is to be taken away."""
        # A long key is no word that comes again, and would only fill the cache.
        return self._is_secret(key) if len(key) <= _LONGEST_KEY else self._judge(key)

    def hides(self, key: str, value: Any) -> bool:
        """Whether this value under this key is to be taken away: as `is_secret`, but for counters."""
        return self.is_secret(key) and not (isinstance(value, int | float) and _plain(key) in _COUNTERS)

    def _judge(self, key: str) -> bool:
        plain = _plain(key)
        return plain in _WHOLE or self._find(plain) is not None

    def scrub_text(self, text: str) -> str:
        """Take secrets out of any text: passwords and parameters of URLs, printed dictionaries, private keys, cards."""
        if not _SUSPECT.search(text):
            return text
        return self.scrub_source(self._scrub_pairs(text))

    def scrub_source(self, text: str) -> str:
        """As `scrub_text`, but leave what looks like a dictionary: code names secrets without holding them."""
        if not _SUSPECT.search(text):
            return text
        if "://" in text:
            text = _URL_REST.sub(self._scrub_url_rest, text)
        text = _QUERY_REST.sub(self._scrub_query_rest, text)
        return replace_cards(remove_private_keys(text), REDACTED)

    def scrub_url(self, url: str) -> str:
        """Take secrets out of an address, with or without a host: `/pay?token=[REDACTED]`."""
        return self.scrub_text(self._scrub_parameters_of(url))

    def scrub_form(self, text: str) -> str:
        """Take the values of secret keys out of `a=1&b=2`, as in a query string or a posted form."""
        return "&".join([self._scrub_parameter(part) for part in text.split("&")]) if "=" in text else text

    def scrub_body(self, text: str, scrub_json: Callable[[Any], Any]) -> str:
        """Take secrets out of a posted text: JSON by `scrub_json`, a form by its keys, anything else as a text.

        JSON that holds no secret comes back as it was written.
        """
        start = text.lstrip()[:1]
        if start in ("{", "["):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                return self.scrub_text(text)  # cut off, or no JSON after all
            scrubbed = scrub_json(value)
            return self.scrub_text(text if scrubbed == value else json.dumps(scrubbed, ensure_ascii=False))
        if _FORM.match(text):
            text = self.scrub_form(text)
        elif "form-data" in text:
            text = _FORM_PART.sub(self._scrub_form_part, text)
        return self.scrub_text(text)

    def _scrub_parameter(self, parameter: str) -> str:
        # The value of a harmless key may be an address with keys of its own: `next=/login?token=…`.
        start = 0
        while (equals := parameter.find("=", start)) >= 0:
            if self.is_secret(unquote_plus(parameter[start:equals])):
                return parameter[: equals + 1] + REDACTED
            further = _NEXT_KEY.search(parameter, equals)
            if further is None:
                break
            start = further.end()
        return parameter

    def _scrub_parameters_of(self, address: str) -> str:
        mark = _MARK.search(address)
        return address[: mark.end()] + self.scrub_form(address[mark.end() :]) if mark else address

    def _scrub_url_rest(self, match: re.Match[str]) -> str:
        rest = match[0][3:]
        if "@" in rest:
            rest = _without_password(rest)
        return "://" + self._scrub_parameters_of(rest)

    def _scrub_query_rest(self, match: re.Match[str]) -> str:
        return "?" + self.scrub_form(match[0][1:])

    def _scrub_form_part(self, match: re.Match[str]) -> str:
        return match[0][: match.start(2) - match.start()] + REDACTED if self.is_secret(match[1]) else match[0]

    def _scrub_pairs(self, text: str) -> str:
        parts, at, end = [], 0, 0
        while match := _QUOTED_KEY.search(text, end):
            end = match.end()
            value = _VALUE.match(text, end)
            if value and self.hides(match[2], _number(value[0])):
                parts += [text[at:end], match[1], REDACTED, match[1]]
                at = end = value.end()
        return "".join(parts) + text[at:] if parts else text


def _without_password(rest: str) -> str:
    """The part of a URL behind `://`, without the password, or without the user where that is all there is."""
    authority = _AUTHORITY.match(rest)
    at = rest.rfind("@", 0, authority.end() if authority else 0)
    if at < 0 and (slashed := _PASSWORD_WITH_SLASH.match(rest)):
        at = slashed.end() - 1
    if at < 0:
        return rest
    user, colon, _ = rest[:at].partition(":")
    return (user + ":" if colon else "") + REDACTED + rest[at:]


def remove_private_keys(text: str) -> str:
    """Leave no block of a private key (RFC 7468) in the text; one that is cut off goes to the end of the text."""
    return _PRIVATE_KEY.sub(REDACTED, text) if "PRIVATE KEY" in text else text


@lru_cache(maxsize=64)
def secret_keys(extra: frozenset[str] = frozenset()) -> SecretKeys:
    """The keys that hold secrets in a project, its own words among them."""
    return SecretKeys(extra)


def _plain(key: str) -> str:
    return key.lower().translate(_SEPARATORS)


def _number(text: str) -> int | str:
    return 0 if text.isdecimal() or text in ("true", "false", "True", "False") else text
