"""Which reports does a project not want, and of which only a part? Decided from the report alone.

A retry is decided as the first try was: the draw is a digest of the report's trace, or else of its event id.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import translate
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from domain.admission import DropReason
from domain.errors import InvalidInput
from domain.event import Severity
from domain.report import Report
from domain.text import lines

MOST_PATTERNS = 100
LONGEST_PATTERN = 500
MOST_RULES = 20
MOST_PATTERNS_OF_A_RULE = 20
_EXTENSION = re.compile(r"(?:chrome|moz|safari(?:-web)?|ms-browser|webkit-masked)-(?:extension|url)://", re.IGNORECASE)
_CRAWLER = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|mediapartners|facebookexternalhit|lighthouse|pagespeed|headlesschrome|phantomjs"
    r"|ia_archiver|bingpreview|yandeximages|google-read-aloud|feedfetcher|scrapy",
    re.IGNORECASE,
)
_AGENT = re.compile(r"^user-agent[ \t]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_DRAWS = 2**64


@dataclass(frozen=True, slots=True)
class InboundFilters:
    """What a project turns away: patterns are globs, and case does not count."""

    messages: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    browser_extensions: bool = False
    web_crawlers: bool = False
    localhost: bool = False


@dataclass(frozen=True, slots=True)
class SamplingRule:
    """Of what all that is named here fits, the share `rate` is kept; what is left empty fits everything."""

    rate: float
    severities: tuple[Severity, ...] = ()
    messages: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


NO_FILTERS = InboundFilters()


@dataclass(frozen=True, slots=True)
class _Rule:
    rate: float
    severities: frozenset[Severity]
    messages: re.Pattern[str] | None
    releases: re.Pattern[str] | None
    environments: re.Pattern[str] | None

    def fits(self, report: Report) -> bool:
        return (
            (not self.severities or report.severity in self.severities)
            and (self.messages is None or _message_fits(self.messages, report))
            and (self.releases is None or _fits(self.releases, report.release or ""))
            and (self.environments is None or _fits(self.environments, report.environment))
        )


@dataclass(frozen=True, slots=True)
class Sieve:
    """A project's filters and rules, ready to be asked."""

    filters: InboundFilters = NO_FILTERS
    rules: tuple[SamplingRule, ...] = ()
    _messages: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _releases: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _environments: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _rules: tuple[_Rule, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_messages", _any_of(self.filters.messages))
        object.__setattr__(self, "_releases", _any_of(self.filters.releases))
        object.__setattr__(self, "_environments", _any_of(self.filters.environments))
        object.__setattr__(self, "_rules", tuple(map(_ready, self.rules)))

    @property
    def is_open(self) -> bool:
        """Whether it lets everything pass."""
        return self.filters == NO_FILTERS and not self.rules

    def refusal(self, report: Report, *, otherwise: str) -> DropReason | None:
        """Why the report is not wanted, if it is not; `otherwise` is drawn by where it has no trace and no event id."""
        return self._filtered(report) or self._sampled(report, otherwise)

    def _filtered(self, report: Report) -> DropReason | None:
        if self._messages and _message_fits(self._messages, report):
            return DropReason.FILTERED_MESSAGE
        if self._releases and report.release and _fits(self._releases, report.release):
            return DropReason.FILTERED_RELEASE
        if self._environments and _fits(self._environments, report.environment):
            return DropReason.FILTERED_ENVIRONMENT
        return self._of_a_kind(report)

    def _of_a_kind(self, report: Report) -> DropReason | None:
        wanted = self.filters
        if wanted.browser_extensions and is_of_an_extension(report):
            return DropReason.FILTERED_BROWSER_EXTENSION
        if wanted.web_crawlers and is_of_a_crawler(report):
            return DropReason.FILTERED_WEB_CRAWLER
        if wanted.localhost and is_of_localhost(report):
            return DropReason.FILTERED_LOCALHOST
        return None

    def _sampled(self, report: Report, otherwise: str) -> DropReason | None:
        """The first rule that fits decides."""
        rule = next((rule for rule in self._rules if rule.fits(report)), None)
        if rule is None or draw(report.trace_id or report.event_id or otherwise) < rule.rate:
            return None
        return DropReason.SAMPLED


def draw(name: str) -> float:
    """A number from 0 to below 1, always the same for the name."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8, person=b"sampling").digest()
    return int.from_bytes(digest, "big") / _DRAWS


def is_of_an_extension(report: Report) -> bool:
    """Whether code of a browser extension is on the stack: its fault, and nobody's here."""
    frames = (frame for exception in report.exceptions for frame in exception.frames)
    places = (place for frame in frames for place in (frame.filename, frame.absolute_path) if place)
    return any(_EXTENSION.match(place) for place in places) or bool(_EXTENSION.search(report.raw_stack_trace or ""))


def is_of_a_crawler(report: Report) -> bool:
    """Whether a search engine or another robot was the visitor."""
    return bool(_CRAWLER.search(_user_agent(report)))


def is_of_localhost(report: Report) -> bool:
    """Whether the page or request was of the developer's own machine."""
    url = (report.request or {}).get("url")
    try:
        host = urlsplit(url).hostname or "" if isinstance(url, str) else ""
    except ValueError:
        return False
    return host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or host == "::1"


def check_filters(filters: InboundFilters) -> InboundFilters:
    """The filters as they are stored: patterns trimmed, each once.

    Raises: InvalidInput.
    """
    messages, releases, environments = (
        _patterns(getattr(filters, name), "inboundFilters", name, most=MOST_PATTERNS)
        for name in ("messages", "releases", "environments")
    )
    return replace(filters, messages=messages, releases=releases, environments=environments)


def check_sampling(rules: Sequence[SamplingRule]) -> tuple[SamplingRule, ...]:
    """The rules as they are stored, in their order.

    Raises: InvalidInput.
    """
    if len(rules) > MOST_RULES:
        raise InvalidInput(f"`samplingRules` takes at most {MOST_RULES} rules.", ("samplingRules",))
    return tuple(_checked(rule, str(place)) for place, rule in enumerate(rules))


def filters_as_json(filters: InboundFilters) -> dict[str, Any]:
    """What is stored of filters: nothing of what they leave open."""
    facts = {
        "messages": list(filters.messages),
        "releases": list(filters.releases),
        "environments": list(filters.environments),
        "browserExtensions": filters.browser_extensions,
        "webCrawlers": filters.web_crawlers,
        "localhost": filters.localhost,
    }
    return {name: fact for name, fact in facts.items() if fact}


def filters_from_json(stored: Mapping[str, Any]) -> InboundFilters:
    """The filters that were stored."""
    return InboundFilters(
        tuple(stored.get("messages", ())),
        tuple(stored.get("releases", ())),
        tuple(stored.get("environments", ())),
        bool(stored.get("browserExtensions")),
        bool(stored.get("webCrawlers")),
        bool(stored.get("localhost")),
    )


def rules_as_json(rules: Iterable[SamplingRule]) -> list[dict[str, Any]]:
    """What is stored of rules."""
    return [
        {
            "rate": rule.rate,
            "severities": [severity.value for severity in rule.severities],
            "messages": list(rule.messages),
            "releases": list(rule.releases),
            "environments": list(rule.environments),
        }
        for rule in rules
    ]


def rules_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[SamplingRule, ...]:
    """The rules that were stored."""
    return tuple(
        SamplingRule(
            rule["rate"],
            tuple(map(Severity, rule.get("severities", ()))),
            tuple(rule.get("messages", ())),
            tuple(rule.get("releases", ())),
            tuple(rule.get("environments", ())),
        )
        for rule in stored
    )


def _checked(rule: SamplingRule, place: str) -> SamplingRule:
    path = "samplingRules", place
    if not 0 <= rule.rate <= 1:  # also what is no number
        raise InvalidInput("`rate` must be from 0 (keep none) to 1 (keep all).", (*path, "rate"))
    messages, releases, environments = (
        _patterns(getattr(rule, name), *path, name, most=MOST_PATTERNS_OF_A_RULE)
        for name in ("messages", "releases", "environments")
    )
    severities = tuple(sorted(set(rule.severities), key=lambda severity: severity.rank))
    return SamplingRule(rule.rate, severities, messages, releases, environments)


def _patterns(patterns: Sequence[str], *path: str, most: int) -> tuple[str, ...]:
    return tuple(lines(patterns, *path, most=most, longest=LONGEST_PATTERN))


def _ready(rule: SamplingRule) -> _Rule:
    return _Rule(
        rule.rate,
        frozenset(rule.severities),
        _any_of(rule.messages),
        _any_of(rule.releases),
        _any_of(rule.environments),
    )


def _any_of(globs: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(translate, globs)), re.IGNORECASE) if globs else None


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.match(text) is not None


def _message_fits(pattern: re.Pattern[str], report: Report) -> bool:
    """Whether it fits the message alone, or with its type before it, as it is printed."""
    return _fits(pattern, report.message) or _fits(pattern, f"{report.error_type}: {report.message}")


def _user_agent(report: Report) -> str:
    """The visitor's `User-Agent`, in whichever shape the headers came."""
    headers = (report.request or {}).get("headers")
    if isinstance(headers, dict):
        return _text(next((value for name, value in headers.items() if _is_agent(name)), ""))
    if isinstance(headers, list):
        pairs = (item for item in headers if isinstance(item, list) and len(item) > 1)
        return _text(next((pair[1] for pair in pairs if _is_agent(pair[0])), ""))
    match = _AGENT.search(headers) if isinstance(headers, str) else None
    return match[1] if match else ""


def _is_agent(name: object) -> bool:
    return isinstance(name, str) and name.lower().replace("_", "-").removeprefix("http-") == "user-agent"


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""
