"""Where in a text does a value stand under its key: in a printed dictionary, an assignment, a call, a header?

`{"token": "x"}`, `:token=>"x"`, `login(password: "x")`, `Config(password='x')`, `--password=x`, `(b'token', b'x')`, and
`Authorization: Bearer x`. A word that stands free is prose: in `secret: missing` and `token = next()` is no value.
Whatever the text, the time is linear in it: from each mark it is read back a little, and what was read forward is not
read again.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

_REACH = 300  # how far before its mark a key is looked for
# A name and what comes behind it in a pair, as headers are printed; of a call nobody knows what its arguments are.
_PAIR = r"""(?<![\w\])])\(b?(?P<quote>["'])(?P<name>[^"'\\\n]{1,100}+)(?P=quote),\s*+(?=b?["'])"""
_MARK = re.compile(rf"==+|=~|::+|(:=|=>|[:=])|{_PAIR}")
_END_OF_PAIR = re.compile(r"\s*+\)")
_SPACE = re.compile(r"\s*")
_BLANKS = re.compile(r"[ \t]*")
# Of a reversed text: a word, and whether another stands before it.
_WORD = re.compile(r"([\w.$%@\[\]-]+)([ \t]+\w)?")
_OPENING_QUOTE = re.compile(r"""[bruBRU]{0,2}(\"""|\\{0,8}["'])""")
_INSIDE = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+(?:""")?', re.DOTALL),
    '"': re.compile(r'(?:[^"\\]|\\.)*+"?', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\.)*+'?", re.DOTALL),
}
_OPENING, _CLOSING = "([{", ")]}"
_INSIDE_BRACKETS = re.compile(
    r"""\\{1,8}["']|"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[(\[{]|[)\]}]|\n""",
    re.DOTALL,
)
_SCHEME = r"(?i:basic|bearer|token|negotiate|ntlm|api-?key|key|ssws)"
_SCHEME_OF_MORE = r"(?i:digest|oauth|hawk|aws4-hmac-sha256|hmac(?:-[\w-]{1,20})?)"
_BARE = re.compile(rf"(?:{_SCHEME}[ \t]+)?[^\s,}})\]]*+")
_ASSIGNED = re.compile(r"""[^\s&;"'(\[{]*+""")
# A form that nobody encoded: `password=correct horse&remember=1`.
_BEFORE_NEXT_KEY = re.compile(r"""[^&="'?\r\n]{0,200}+(?=&[\w.%\[\]-]{1,100}+=)""")
_CREDENTIALS = re.compile(
    rf"{_SCHEME_OF_MORE}[ \t]+[^\r\n]+"
    rf"""|{_SCHEME}[ \t]+(?!(?i:auth\w*|token|scheme|is|was|required|missing|invalid|expired)\b)[^\s"'<>,;]+"""
    r"""|[^\s=;,"']{1,200}+=[^\r\n"']*"""
    r"""|(?=[^\s"'<>,;]{0,200}[0-9])[^\s"'<>,;]{8,}"""
)
_WORDS_OF_PARSERS = frozenset({"token", "tokens"})
_ERROR = re.compile(r"(?:Error|Exception|Warning)\Z")
_PUNCTUATION = ".,:>"


class _Key(NamedTuple):
    """What stands before a mark; a word may stand apart from it, or behind other words."""

    name: str
    quote: str = ""
    is_apart: bool = False
    is_prose: bool = False


class _Value(NamedTuple):
    """From where to where a value reaches, and the quotes that are to stand around what replaces it."""

    start: int
    end: int
    quote: str = ""


def replace_values(text: str, hides: Callable[[str, Any], bool], replacement: str) -> str:
    """Leave no value in the text that `hides` says is to be taken away, by its key and by what it is."""
    parts: list[str] = []
    at = end = 0
    while mark := _MARK.search(text, end):
        end = mark.end()
        key = _key_of(mark, text[max(at, mark.start() - _REACH) : mark.start()])
        if key is None or not hides(key.name, ""):
            continue
        value = _second_of_pair(text, end) if mark["name"] else _value_behind(text, mark, key)
        if value is None:
            continue
        end = value.end
        if hides(key.name, _number(text[value.start : end])):
            parts += [text[at : value.start], value.quote, replacement, value.quote]
            at = end
    return "".join(parts) + text[at:] if parts else text


def _key_of(mark: re.Match[str], before: str) -> _Key | None:
    """The key that a mark belongs to; none where it is an operator, or nothing stands before it."""
    if mark["name"]:
        return _Key(mark["name"])
    return _key_before(before) if mark[1] else None


def _key_before(before: str) -> _Key | None:
    """The key at the end of what stands before a mark."""
    stripped = before.rstrip()
    if stripped.endswith(('"', "'")):
        inside = stripped[:-1].rstrip("\\")
        quote = stripped[len(inside) :]
        _, opening, name = inside.rpartition(quote)
        return _Key(name, quote) if opening and "\n" not in name else None
    word = _WORD.match(stripped[::-1])
    if word is None or "\n" in before[len(stripped) :]:
        return None
    return _Key(word[1][::-1], is_apart=len(stripped) < len(before), is_prose=word[2] is not None)


def _value_behind(text: str, mark: re.Match[str], key: _Key) -> _Value | None:
    if key.quote:
        return _of_quoted_key(text, _after(_SPACE, text, mark.end()), key.quote)
    start = _after(_BLANKS, text, mark.end())
    if mark[1] in ("=", ":=") and start == mark.end() and not key.is_apart:
        return _quoted(text, start) or _assigned(text, start)
    if _is_of_a_sentence(key):
        return None
    value = _quoted(text, start)
    if value is None and mark[1] == ":":
        if text[start : start + 1] in ("{", "["):
            return _Value(start, _end_of_brackets(text, start))
        return _credentials(text, start, key)
    return value


def _of_quoted_key(text: str, start: int, quote: str) -> _Value | None:
    """What stands under a quoted key takes on its quotes, so that JSON stays JSON."""
    if text[start : start + 1] in ("{", "["):
        end = _end_of_brackets(text, start)
    else:
        quoted = _quoted(text, start)
        end = quoted.end if quoted else _after(_BARE, text, start)
    return _Value(start, end, quote) if end > start else None


def _second_of_pair(text: str, start: int) -> _Value | None:
    value = _quoted(text, start)
    return value if value and _END_OF_PAIR.match(text, value.end) else None


def _quoted(text: str, start: int) -> _Value | None:
    opening = _OPENING_QUOTE.match(text, start)
    if opening is None:
        return None
    quote = opening[1]
    if quote in _INSIDE:
        return _Value(start, _after(_INSIDE[quote], text, opening.end()), quote)
    end = text.find(quote, opening.end())
    while end > 0 and text[end - 1] == "\\":  # escaped once more, so inside
        end = text.find(quote, end + 1)
    return _Value(start, len(text) if end < 0 else end + len(quote), quote)


def _assigned(text: str, start: int) -> _Value | None:
    """A value without quotes: to the next blank, `&`, `;` or quote, with whole brackets, but not what closes others."""
    if form := _BEFORE_NEXT_KEY.match(text, start):
        return _Value(start, form.end()) if form.end() > start else None
    end = _after(_ASSIGNED, text, start)
    while text[end : end + 1] and text[end] in _OPENING:
        end = _after(_ASSIGNED, text, _end_of_brackets(text, end, within_line=True))
    surplus = sum(text.count(one, start, end) for one in _CLOSING) - sum(
        text.count(one, start, end) for one in _OPENING
    )
    while end > start and (text[end - 1] in _PUNCTUATION or (surplus > 0 and text[end - 1] in _CLOSING)):
        surplus -= text[end - 1] in _CLOSING
        end -= 1
    return _Value(start, end) if end > start else None


def _credentials(text: str, start: int, key: _Key) -> _Value | None:
    """The value of a header: what looks like a credential, or like a cookie. `Authorization: denied` is prose."""
    if "-" not in key.name.strip("-") and key.name.lower() not in ("authorization", "cookie"):
        return None
    value = _CREDENTIALS.match(text, start)
    return _Value(start, value.end()) if value else None


def _is_of_a_sentence(key: _Key) -> bool:
    """Whether it is `Unexpected token: "}"`, or `InvalidTokenError: "…"`."""
    return (key.is_prose and key.name.lower() in _WORDS_OF_PARSERS) or _ERROR.search(key.name) is not None


def _end_of_brackets(text: str, start: int, *, within_line: bool = False) -> int:
    """Behind the bracket that closes the one at `start`; where none does, the end of the text, or of its line."""
    depth = 0
    for found in _INSIDE_BRACKETS.finditer(text, start):
        if found[0] in _OPENING:
            depth += 1
        elif found[0] in _CLOSING:
            depth -= 1
        elif found[0] == "\n" and within_line:
            return found.start()
        if depth == 0:
            return found.end()
    return len(text)


def _after(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _number(text: str) -> int | str:
    return 0 if text.isdecimal() or text in ("true", "false", "True", "False") else text
