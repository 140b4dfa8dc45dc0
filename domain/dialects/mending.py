"""What does it take to store a value that a stranger sent? Bound it, mend its characters, scrub it, and say so."""

import math
import re
from collections.abc import Callable
from typing import Any

from domain.bounds import (
    BYTES,
    JSON_DEPTH,
    JSON_INTEGER,
    JSON_KEY,
    JSON_NODES,
    JSON_TEXT,
    NOTES,
    Bound,
    Past,
)
from domain.card import is_card_number
from domain.dialects.plain_json import MARKS_OF_A_VALUE, NAMES, NAMES_OF_HEADERS, SHORTEST_CARD, VALUES, plain_json
from domain.errors import InvalidInput
from domain.scrub import REDACTED, remove_private_keys, secret_keys

CUT = "[CUT]"
_GAP = "\n[…]\n"
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HALF_A_CARD = re.compile(r"(?<![0-9 +-])[0-9 +-]{1,40}\Z")
_OTHER_HALF = re.compile(r"\A[0-9 +-]{1,40}(?![0-9 +-])")
# A card. What is shorter and holds a secret says so with `=`, since `"pin":1` is no text but JSON.
_SHORTEST_SECRET = 13
_LARGEST_EXACT = 2.0**53  # past it a float is no longer the number that was meant
_LONGEST_NUMBER = 1000


class Mending:
    """One report on its way in: what was mended (`notes`) and how often (`mended`), how large it is by now (`size`).

    `cuts_names` is for dialects whose programs cannot send a report again, so that nothing of it may be refused.
    """

    def __init__(self, redact_keys: frozenset[str] = frozenset(), *, cuts_names: bool = False) -> None:
        self.notes: list[str] = []
        self.mended = 0
        self.cuts_names = cuts_names
        self.size = 0
        self.secrets = secret_keys(redact_keys)
        self._plain = plain_json(self.secrets)
        self._nodes = JSON_NODES.limit
        self._ceiling = 0
        self._part = ""

    def note(self, text: str) -> None:
        """Say once what was mended."""
        self.mended += 1
        if text not in self.notes and len(self.notes) < NOTES.limit:
            self.notes.append(text)

    def identity(self, value: Any, bound: Bound, path: tuple[str, ...]) -> str | None:
        """Hand back a text that says which thing is meant, or none where it is empty.

        Raises: InvalidInput when it is too long or no text, since half a name is another name; where names are cut, it
        is, and what is no text is dropped.
        """
        if value is None:
            return None
        if type(value) is not str:
            if type(value) not in (int, float):
                self._refuse(f"{bound.part} must be text.", path, f"{bound.part}: not a text, dropped")
                return None
            value = str(value) if abs(value) <= JSON_INTEGER.limit else ""
        text = value.strip()
        if not text.isascii() or not text.isprintable():
            text = _CONTROLS.sub(" ", self._readable(text, bound.part)).strip()
        if len(text) > bound.limit:
            self.refuse_past(bound, len(text), path)
            text = text[: bound.limit].strip()
        self.size += len(text)
        return text or None

    def refuse_past(self, bound: Bound, count: int, path: tuple[str, ...]) -> None:
        """Return if something that names a thing keeps its bound, or is to be cut to it: then that is noted.

        Raises: InvalidInput.
        """
        if count > bound.limit:
            has = f"{count} {bound.unit}"
            refusal = f"{bound.part} has {has}; at most {bound.limit} are allowed."
            self._refuse(refusal, path, f"{bound.part}: {has}, cut to {bound.limit}")

    def _refuse(self, refusal: str, path: tuple[str, ...], note: str) -> None:
        if not self.cuts_names:
            raise InvalidInput(refusal, path)
        self.note(note)

    def text(self, value: Any, bound: Bound) -> str | None:
        """Hand back free text: of readable characters, cut to its bound, scrubbed; none where there is none."""
        if value is None:
            return None
        if type(value) is not str:
            value = self._as_text(value, bound.part)
            if value is None:
                return None
        if len(value) > bound.limit or not value.isascii() or "\0" in value:
            value = self._mended(value, bound)
        if len(value) >= _SHORTEST_SECRET or "=" in value:
            value = self.secrets.scrub_text(value)
        return self._weighed(value, bound.limit)

    def source(self, value: Any, bound: Bound) -> str | None:
        """As `text`, for lines of code."""
        if type(value) is not str:
            return self.text(value, bound)
        if len(value) > bound.limit or not value.isascii() or "\0" in value:
            value = self._mended(value, bound)
        if len(value) >= _SHORTEST_SECRET:
            value = self.secrets.scrub_source(value)
        return self._weighed(value, bound.limit)

    def trace(self, value: Any, bound: Bound) -> str | None:
        """As `text`, for whole stack traces: their lines of code are left as those are."""
        return self._scrubbed(value, bound, self.secrets.scrub_trace)

    def url(self, value: Any, bound: Bound) -> str | None:
        """As `text`, and the parameters of an address without a host are scrubbed too."""
        return self._scrubbed(value, bound, self.secrets.scrub_url)

    def _scrubbed(self, value: Any, bound: Bound, scrub: Callable[[str], str]) -> str | None:
        if type(value) is not str:
            return self.text(value, bound)
        if len(value) > bound.limit or not value.isascii() or "\0" in value:
            value = self._mended(value, bound)
        return self._weighed(scrub(value), bound.limit)

    def whole(self, value: Any, most: int, part: str) -> int | None:
        """Hand back a whole number from 0 to `most`, or none, with a note, where it is another."""
        if type(value) is int and 0 <= value <= most:
            return value
        if value is None:
            return None
        if type(value) is str and len(value) <= len(str(most)) and value.isascii() and value.isdecimal():
            return self.whole(int(value), most, part)
        if type(value) is float and value.is_integer():
            return self.whole(int(value), most, part)
        self.note(f"{part}: not a whole number from 0 to {most}, dropped")
        return None

    def json(self, value: Any, bound: Bound) -> Any:
        """Hand back a JSON value bounded in depth, number and bytes, its characters mended, its secrets away.

        Where nothing had to be done about it, it is the one that was given.
        """
        if value is None:
            return None
        if (type(value) is dict or type(value) is list) and self._is_plain(value, bound.limit):
            return value
        self._ceiling = self.size + bound.limit
        self._part = bound.part
        return self._value(value, 0)

    def headers(self, value: Any, bound: Bound) -> Any:
        """As `json`, for headers in any of the shapes that people give them."""
        return self.json(self.secrets.scrub_headers(value), bound)

    def body(self, value: Any, bound: Bound) -> Any:
        """As `json`; a text that is itself JSON or a form is scrubbed by its keys."""
        if type(value) is not str:
            return self.json(value, bound)
        if len(value) > bound.limit or not value.isascii() or "\0" in value:
            value = self._mended(value, bound)
        size = self.size
        value = self.secrets.scrub_body(value, lambda parsed: self.json(parsed, bound))
        self.size = size  # the text is kept, not what was read from it
        return self._weighed(value, bound.limit)

    def _is_plain(self, value: dict[str, Any] | list[Any], most_bytes: int) -> bool:
        weighed = self._plain.weigh(value)
        if weighed is None or weighed[0] >= most_bytes or weighed[1] > self._nodes:
            return False
        self.size += weighed[0]
        self._nodes -= weighed[1]
        return True

    def _value(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str:
            return self._json_text(value)
        if kind is dict:
            return self._object(value, depth)
        if kind is list or kind is tuple:
            return self._array(value, depth)
        self.size += MARKS_OF_A_VALUE
        return value if value is None or kind is bool else self._number(value)

    def _object(self, value: dict[Any, Any], depth: int) -> Any:
        if depth >= JSON_DEPTH.limit:
            return self._too_deep()
        hides = self.secrets.hides
        secret_values = () if VALUES.isdisjoint(value) else self._values_of_secrets(value)
        mended: dict[str, Any] = {}
        for key, item in value.items():
            if self._is_full():
                break
            name = self._key(key)
            if hides(name, item) or name in secret_values:
                mended[name[: JSON_KEY.limit]] = REDACTED
                self.size += len(REDACTED)
            else:
                given = self.secrets.scrub_headers(item) if name.endswith(NAMES_OF_HEADERS) else item
                mended[name[: JSON_KEY.limit]] = self._value(given, depth + 1)
        return mended

    def _array(self, value: list[Any] | tuple[Any, ...], depth: int) -> Any:
        if depth >= JSON_DEPTH.limit:
            return self._too_deep()
        # `["Authorization", "…"]`: headers as a list of pairs.
        if len(value) == 2 and type(value[0]) is str and self.secrets.hides(value[0], value[1]):  # noqa: PLR2004 - a pair
            return [self._json_text(value[0]), REDACTED]
        mended: list[Any] = []
        for item in value:
            if self._is_full():
                break
            mended.append(self._value(item, depth + 1))
        return mended

    def _values_of_secrets(self, value: dict[Any, Any]) -> tuple[str, ...]:
        """Under which of its keys it has a secret that another names: `{"name": "Authorization", "value": "…"}`."""
        names = [value[key] for key in NAMES if type(value.get(key)) is str]
        return tuple(
            key for key in VALUES if key in value and any(self.secrets.hides(name, value[key]) for name in names)
        )

    def _key(self, key: Any) -> str:
        name = key if type(key) is str else str(key)
        if not name.isascii() or "\0" in name:
            name = self._readable(name, self._part)
        if len(name) > JSON_KEY.limit:
            self.note(f"{self._part}: a key cut to {JSON_KEY.limit} {JSON_KEY.unit}")
        elif len(name) >= _SHORTEST_SECRET:
            name = self.secrets.scrub_text(name)
        self.size += min(len(name), JSON_KEY.limit) + MARKS_OF_A_VALUE
        return name

    def _json_text(self, value: str) -> str:
        if len(value) > JSON_TEXT.limit or not value.isascii() or "\0" in value:
            value = self._mended(value, JSON_TEXT)
        if len(value) >= _SHORTEST_SECRET or "=" in value:
            value = self.secrets.scrub_text(value)
            room = self._ceiling - self.size
            if len(value) * 4 > room and len(value.encode()) > room:
                self.note(f"{self._part}: too large, the rest was cut")
                value = _first_bytes(value, room)
        return self._weighed(value, JSON_TEXT.limit)

    def _number(self, value: Any) -> int | float | str | None:
        kind = type(value)
        if kind is int:
            return self._integer(value)
        if kind is not float:
            self.note(f"{self._part}: a value that is not JSON, dropped")
            return None
        if math.isfinite(value):
            is_card = SHORTEST_CARD <= abs(value) <= _LARGEST_EXACT and is_card_number(f"{abs(value):.0f}")
            return REDACTED if is_card and value.is_integer() else float(value)
        self.note(f"{self._part}: a number that is not finite, kept as text")
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"

    def _integer(self, value: int) -> int | str:
        if -SHORTEST_CARD < value < SHORTEST_CARD:
            return value
        if abs(value) > JSON_INTEGER.limit:
            self.note(f"{self._part}: a whole number beyond 64 bits, kept as text")
            # Python refuses to print numbers of more than some thousand digits, and nobody would read them.
            return str(value) if value.bit_length() < _LONGEST_NUMBER else CUT
        return REDACTED if is_card_number(str(abs(value))) else value

    def _is_full(self) -> bool:
        self._nodes -= 1
        if self._nodes >= 0 and self.size < self._ceiling:
            return False
        self.note(f"{self._part}: too large, the rest was cut")
        return True

    def _too_deep(self) -> str:
        self.note(f"{self._part}: deeper than {JSON_DEPTH.limit} {JSON_DEPTH.unit}, cut there")
        self.size += len(CUT)
        return CUT

    def _as_text(self, value: Any, part: str) -> str | None:
        if type(value) is bool:
            return str(value).lower()
        if type(value) is float or (type(value) is int and abs(value) <= JSON_INTEGER.limit):
            return str(value)
        self.note(f"{part}: not a text, dropped")
        return None

    def _mended(self, value: str, bound: Bound) -> str:
        text = self._readable(value, bound.part)
        size = len(text.encode()) if bound.unit == BYTES else len(text)
        if size <= bound.limit:
            return text
        self.note(f"{bound.part}: {size} {bound.unit}, cut to {bound.limit}")
        # A key that is cut in two is no longer seen as one, so it goes first; and half a card number may not stay.
        text = remove_private_keys(text)
        if bound.past is not Past.BOTH_ENDS:
            return _HALF_A_CARD.sub("", _first_bytes(text, bound.limit) if bound.unit == BYTES else text[: bound.limit])
        head = bound.limit // 2
        tail = bound.limit - head - len(_GAP)
        return _HALF_A_CARD.sub("", text[:head]) + _GAP + _OTHER_HALF.sub("", text[-tail:])

    def _readable(self, value: str, part: str) -> str:
        """The text without what PostgreSQL and UTF-8 cannot hold."""
        if "\0" in value:
            self.note(f"{part}: NUL characters removed")
            value = value.replace("\0", "")
        if not value.isascii() and _SURROGATE.search(value):
            self.note(f"{part}: lone surrogates replaced")
            value = _SURROGATE.sub("\ufffd", value)
        return value

    def _weighed(self, value: str, limit: int) -> str:
        if len(value) > limit:  # scrubbing made it longer
            value = value[:limit]
        self.size += len(value) if value.isascii() else len(value.encode())
        return value


def _first_bytes(text: str, most: int) -> str:
    return text.encode()[: max(most, 0)].decode(errors="ignore")
