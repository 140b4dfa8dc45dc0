"""What in a report is secret, and what is left of it?

By key: whatever stands under a key whose name holds one of `_PARTS` or one of the project's own words, or is one of
`_WHOLE`, goes whole, be it a text, a number or a list. Case, `-`, `_` and `.` do not count. `token` as a part takes
`tokenizer` too: better too much than too little. The one exception are numbers under keys that count or say yes and no
(`_COUNTERS`), since nobody's secret is a number of tokens.

By value: card numbers and private keys are taken out of every text, passwords out of URLs, and values out of texts that
visibly hold keys: JSON, forms, printed dictionaries, assignments, headers. Lines of code are spared the last.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from domain.card import replace_cards
from domain.headers import replace_headers
from domain.multipart import replace_parts
from domain.printed import replace_values
from domain.stacktrace.passages import passages

REDACTED = "[REDACTED]"

_PARTS = (
    "password", "passwd", "pwd", "passphrase", "token", "apikey", "accesskey", "privatekey", "authkey", "secret",
    "credential", "csrf", "xsrf", "authorization", "cookie", "cardnumber",
)  # fmt: skip
_WHOLE = frozenset({
    "auth", "xauth", "jwt", "pin", "cvc", "cvv", "cvv2", "pan", "ssn", "creditcard", "ccnumber",
})  # fmt: skip
_COUNTERS = frozenset({
    "tokencount", "tokens", "maxtokens", "totaltokens", "prompttokens", "completiontokens", "inputtokens",
    "outputtokens", "cookieenabled", "cookiesenabled",
})  # fmt: skip
_SEPARATORS = str.maketrans("", "", "-_. ")
_LONGEST_KEY = 200
_LONGEST_WORD, _MOST_WORDS = 100, 1024

# Looks that let most texts pass. Nothing is cheaper: they start with a set of characters, which the engine skips to.
_BY_VALUE = (
    # An address with a user or parameters; one whose end is far may have them.
    r"""(?://[^\s"'<>\\@=]{0,256}+(?![\s"'<>\\]|\Z)"""
    r"|RIVATE KEY|[0-9](?<![0-9]..)[0-9]++(?:[ +-][0-9]{3}|(?<=[0-9]{13}))"
    r"|(?<=\?)(?:[^=?\s]*+\?){0,2}[^=?\s]++=)"
)
_BY_KEY = (
    r"""(?<=[:="'])(?:(?<==)(?:(?<=[\w\]].)[^\s=~]|(?<=[\w\] \t:].)>?[ \t]*\\?["'])"""
    r"""|(?<=["'])\s*[:=]|(?:(?<=\(["'])|(?<=\(b["']))[^"'\\\n]{1,100}+["'],\s*+b?["']|(?<=\w:)(?:[ \t]*[\\"'{\[]"""
    r"""|(?<=(?i:zation|cookie|-token|secret|ssword|pi-key|ss-key|te-key|x-auth):)[ \t]*\S))"""
)
_SUSPECT = re.compile(rf"""[:=?P"'0-9](?:{_BY_VALUE}|{_BY_KEY})""", re.DOTALL)
_SUSPECT_VALUE = re.compile(rf"[:?P0-9]{_BY_VALUE}", re.DOTALL)
_SUSPECT_KEY = re.compile(rf"""[:="']{_BY_KEY}""", re.DOTALL)
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
_NEXT_KEY = re.compile(r"[;?#\r\n]")
# What is posted and begins with a key is a form; elsewhere it takes a second key to tell a form from a sentence.
_POSTED_FORM = re.compile(r"""[^\s=&{}"<>]+=""")
_FORM = re.compile(r"""[^\s=&{}"<>]++=[^&]*+&[^\s=&]++=""")


class SecretKeys:
    """Which keys hold secrets, the built-in ones and a project's own, and what that means for texts with keys."""

    def __init__(self, extra: frozenset[str] = frozenset()) -> None:
        words = [*_PARTS, *sorted(word for word in map(_plain, extra) if word)]
        self._find = re.compile("|".join(map(re.escape, words))).search
        self._find_any = re.compile("|".join(map(re.escape, [*words, *sorted(_WHOLE)]))).search
        self._is_secret: Callable[[str], bool] = lru_cache(maxsize=1024)(self._judge)
        self._harmless: set[str] = set()
        self._harmless_urls: set[str] = set()  # of which the parameters were looked at, too

    def is_secret(self, key: str) -> bool:
        """Whether what stands under the key is to be taken away."""
        # A long key is no word that comes again, and would only fill the cache.
        return self._is_secret(key) if len(key) <= _LONGEST_KEY else self._judge(key)

    def hides(self, key: str, value: Any) -> bool:
        """Whether this value under this key is to be taken away: as `is_secret`, but for counters."""
        return self.is_secret(key) and not (isinstance(value, int | float) and _is_one_of(_COUNTERS, key))

    def _judge(self, key: str) -> bool:
        return self._find(_plain(key)) is not None or _is_one_of(_WHOLE, key)

    def scrub_text(self, text: str) -> str:
        """Take secrets out of any text: by the keys it shows, and by what they are."""
        if text in self._harmless:
            return text
        scrubbed = self.scrub_source(self._scrub_values(text)) if _SUSPECT.search(text) else text
        if scrubbed is text:
            self._remember(text, self._harmless)
        return scrubbed

    def may_hide(self, text: str) -> bool:
        """Whether a text of any length has the look of one that holds a secret; few do."""
        return _SUSPECT.search(text) is not None

    def _remember(self, text: str, harmless: set[str]) -> None:
        """Names of services, releases, addresses come again and again, and need no second look."""
        if len(text) > _LONGEST_WORD:
            return
        if len(harmless) >= _MOST_WORDS:
            harmless.clear()
        harmless.add(text)

    def scrub_source(self, text: str) -> str:
        """As `scrub_text`, but leave what stands under a key: code names secrets without holding them."""
        if not _SUSPECT_VALUE.search(text):
            return text
        if "://" in text:
            text = _URL_REST.sub(self._scrub_url_rest, text)
        text = _QUERY_REST.sub(self._scrub_query_rest, text)
        return replace_cards(remove_private_keys(text), REDACTED)

    def scrub_trace(self, text: str) -> str:
        """As `scrub_text` for what a stack trace says, as `scrub_source` for its code."""
        if _SUSPECT_KEY.search(text):
            said = [self._scrub_values(passage) if is_said else passage for passage, is_said in passages(text)]
            text = "".join(said)
        return self.scrub_source(text)

    def scrub_headers(self, headers: Any) -> Any:
        """Hand back headers without those secrets that their shape hides from one who looks for keys."""
        return replace_headers(headers, self.is_secret, REDACTED)

    def scrub_url(self, url: str) -> str:
        """Take secrets out of an address, with or without a host: `/pay?token=[REDACTED]`."""
        if url in self._harmless_urls:
            return url
        scrubbed = self.scrub_text(self._scrub_parameters_of(url))
        if scrubbed == url:
            self._remember(url, self._harmless_urls)
        return scrubbed

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
        if "form-data" in text:
            text = replace_parts(text, self.is_secret, REDACTED)
        if _POSTED_FORM.match(text) and start != "-":
            text = self.scrub_form(text)
        return self.scrub_text(text)

    def _scrub_parameter(self, parameter: str) -> str:
        # The value of a harmless key may be an address with keys of its own: `next=/login?token=…`.
        start = 0
        while (equals := parameter.find("=", start)) >= 0:
            if self.is_secret(unquote_plus(parameter[start:equals])):
                # Nothing is no secret; what stood before an arrow, `?token=>x`, would make a value of it.
                return parameter[: equals + 1] + REDACTED if parameter[equals:].strip("=") else parameter
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

    def _scrub_values(self, text: str) -> str:
        if not _SUSPECT_KEY.search(text) or not self._find_any(_plain(text)):
            return text
        return replace_values(self.scrub_form(text) if _FORM.match(text) else text, self.hides, REDACTED)


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


def _is_one_of(names: frozenset[str], key: str) -> bool:
    """Whether the key is one of the names, or a path that ends with one: `usage.total_tokens`, `card[cvc]`."""
    last = key.replace("[", ".").rstrip("]").rpartition(".")[2]
    return _plain(key) in names or _plain(last) in names
