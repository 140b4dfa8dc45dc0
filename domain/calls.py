"""What is a call named, whatever a compiler, a bundler, or the machine it ran on, has added?"""

import re
from functools import lru_cache

from domain.report import Frame

Call = tuple[str, str]
"""Where it is, and the function."""

_NO_FILE = re.compile(r"<|\[|native(?: code)?\Z|blob:|data:|about:|eval at ")
_HOST = re.compile(r"\A[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)
_SEPARATOR = re.compile(r"[/\\]+")
# Hexadecimal, or eight characters of base64, which have a number, or a capital among small letters.
_BUILD_HASH = re.compile(
    r"[.-](?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{6,64}(?=\.)"
    r"|-(?=[\w-]*[0-9_]|(?=[\w-]*[a-z])[\w-]+[A-Z])[\w-]{8}(?=\.[Mm]?[Jj][Ss]\Z)"
)
_MINIFIED = re.compile(r"[.-]min\.[cm]?js\Z", re.IGNORECASE)
_MINIFIED_NAME = re.compile(r"(?:\A|\.)[\w$]{1,2}(?=\.|\Z)")
_CHANGING_FOLDER = re.compile(
    r"(?i)"
    r"[0-9]{4}|\A[0-9]+\Z|(?:\A|[-@_])v?[0-9]+\.[0-9.]*[0-9]\Z|\A(?=[a-f]*[0-9])[0-9a-f]{7,64}\Z"
)
_AS_NAME = re.compile(r" \[as [^\]]*\]$")
# What a compiler or a library numbers. Numbers behind a dollar are those of the JVM, and of JavaScript's bundlers.
_MADE_UP_NUMBER = re.compile(
    r"(?<=GeneratedMethodAccessor)[0-9]+|(?<=GeneratedConstructorAccessor)[0-9]+|(?<=lambda_method)[0-9]+"
    r"|(?<=\$\$Lambda)[$/0-9a-fx]+|(?<=CGLIB\$\$)[0-9a-f]+|(?<=HibernateProxy\$)\w+|/0x[0-9a-f]+"
    r"|(?<=\$Proxy)[0-9]+|(?<=jdk\.proxy)[0-9]+"
    r"|(?<=[\w>])\$[0-9]+(?!\w)"
    r"|(?<=>[a-z]__)[0-9]+(?:_[0-9]+)?|(?<=>c__DisplayClass)[0-9]+(?:_[0-9]+)?|(?<=\|)[0-9]+(?:_[0-9]+)?\Z"  # C#
)
_IS_MADE_UP = re.compile(r"[$>]|Accessor|lambda_method|jdk\.proxy|/0x")
_GO_CLOSURE = re.compile(r"(?<=\.)(func|gowrap|deferwrap)[0-9]+((?:\.[0-9]+)*)(?![^.])|(?<=-range)[0-9]+")
_PHP_CLOSURE = re.compile(r"[\w\\]*\{closure[^}]*\}")
_RUBY_LEVELS = re.compile(r"block \([0-9]+ levels\) in ")
INLINED = ("<listcomp>", "<setcomp>", "<dictcomp>")  # since Python 3.12 they are no calls


def call_of(frame: Frame, root: str = "") -> Call | None:
    """Hand back what counts of a frame; `root` is the folder where the application was put. None of no use."""
    return _names(frame.module, frame.filename or frame.absolute_path, frame.function, root)


@lru_cache(maxsize=4096)
def _names(module: str | None, path: str | None, function: str | None, root: str = "") -> Call | None:
    """Where a call is, and its function; none where both are unknown, or where it is a call in some versions only."""
    if function in INLINED:
        return None
    where = _unnumbered(module) if module else _tail(path, root) if path else ""
    name = _trimmed(function, path or "") if function else ""
    return (where, name) if where or name else None


def _tail(path: str, root: str) -> str:
    """The file and its folder, lower-cased; the rest of the path differs from one machine to the next."""
    if _NO_FILE.match(path):
        return ""
    *folders, file = _split(path)
    file = _BUILD_HASH.sub("", file).lower()
    if not folders or folders[-1] in ("", ".", "..") or _CHANGING_FOLDER.search(folders[-1]):
        return file
    return file if root and folder_of(path) == root else f"{folders[-1].lower()}/{file}"


@lru_cache(maxsize=4096)
def folder_of(path: str | None) -> str:
    """All that is above the file, as it is compared; empty where nothing is."""
    return "" if path is None or _NO_FILE.match(path) else "".join(f"{folder}/" for folder in _split(path)[:-1]).lower()


def _is_minified(path: str) -> bool:
    """Whether a minifier named the functions of a file: short, and otherwise in each build."""
    file = _split(path)[-1]
    return bool(_BUILD_HASH.search(file) or _MINIFIED.search(file))


def _split(path: str) -> list[str]:
    return _SEPARATOR.split(_HOST.sub("", path.partition("?")[0]))


def _trimmed(function: str, path: str) -> str:
    """A name without what a compiler numbers, and without the receiver, which V8 prints and other engines do not."""
    name = _AS_NAME.sub("", function).removeprefix("async ").removeprefix("Object.")
    if path.endswith(".go"):  # elsewhere somebody may have named a function so
        name = _GO_CLOSURE.sub(r"\1", name)
    elif name == "?":  # Sentry's SDK for JavaScript
        return ""
    elif path.endswith("js") and _is_minified(path):
        name = _MINIFIED_NAME.sub("", name).lstrip(".")
    if "{closure" in name:
        name = _PHP_CLOSURE.sub("{closure}", name)
    return _unnumbered(_RUBY_LEVELS.sub("block in ", name))


def _unnumbered(name: str) -> str:
    return _MADE_UP_NUMBER.sub("", name) if _IS_MADE_UP.search(name) else name
