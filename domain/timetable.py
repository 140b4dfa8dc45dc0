"""What is done again and again, at which times of the day, and what is to be made of how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum

from domain.errors import InvalidInput
from domain.stats import DAY, HOUR, floor

# Who missed a time makes up for it at once, so that one this late is not being made up for.
LATE_AFTER = timedelta(minutes=15)
MOST_TRIES = 3
_TRY_AGAIN_AFTER = timedelta(minutes=5)
_MINUTES, _HOURS = 60, 24
_OFF = "off"


class ScheduledJob(StrEnum):
    """Work that is done by the timetable, or by hand with `tocsin run`."""

    MAKE_PARTITIONS = "make_partitions"
    DROP_PARTITIONS = "drop_partitions"
    ARCHIVE_TOO_MANY = "archive_too_many"
    PRUNE_EVENT_KEYS = "prune_event_keys"
    PRUNE_EVENTS = "prune_events"
    PRUNE_FEEDBACK = "prune_feedback"
    PRUNE_SOURCE_MAPS = "prune_source_maps"
    PRUNE_DROPPED = "prune_dropped"
    PRUNE_COUNTS = "prune_counts"
    FOLD_USERS = "fold_users"
    NOTE_FRAMES = "note_frames"
    PRUNE_RUNS = "prune_runs"
    DAILY_SUMMARY = "daily_summary"
    CHECK_THRESHOLDS = "check_thresholds"
    AUDIT = "audit"
    ANALYSE_PATTERNS = "analyse_patterns"
    FIND_SURGES = "find_surges"
    ESCALATE = "escalate"
    RETRY_NOTIFICATIONS = "retry_notifications"


class RunStatus(StrEnum):
    """Where one run of a job stands."""

    RUNNING = "RUNNING"
    OK = "OK"
    FAILED = "FAILED"


# Minutes and hours, UTC, or off. docs/scheduled-work.md says the same.
DEFAULTS: Mapping[ScheduledJob, str] = {
    ScheduledJob.MAKE_PARTITIONS: "7 */6",
    ScheduledJob.DROP_PARTITIONS: "23 2",
    ScheduledJob.ARCHIVE_TOO_MANY: "2,32 *",
    ScheduledJob.PRUNE_EVENT_KEYS: "11,41 *",
    ScheduledJob.PRUNE_EVENTS: "17,47 *",
    ScheduledJob.PRUNE_FEEDBACK: "17 3",
    ScheduledJob.PRUNE_SOURCE_MAPS: "53 *",
    ScheduledJob.PRUNE_DROPPED: "19 3",
    ScheduledJob.PRUNE_COUNTS: "43 *",
    ScheduledJob.FOLD_USERS: "*/5 *",
    ScheduledJob.NOTE_FRAMES: "41 4",
    ScheduledJob.PRUNE_RUNS: "29 3",
    ScheduledJob.DAILY_SUMMARY: "*/15 *",
    ScheduledJob.CHECK_THRESHOLDS: "*/15 *",
    ScheduledJob.AUDIT: "*/5 *",
    ScheduledJob.ANALYSE_PATTERNS: "*/5 *",
    ScheduledJob.FIND_SURGES: "* *",
    # The worker does these every second; so they are for those who have none at the moment.
    ScheduledJob.ESCALATE: _OFF,
    ScheduledJob.RETRY_NOTIFICATIONS: _OFF,
}
# They say how things are at that moment, so that one that was missed is not made up for.
OF_THE_MOMENT = frozenset({ScheduledJob.CHECK_THRESHOLDS, ScheduledJob.AUDIT, ScheduledJob.FIND_SURGES})
# Without these no event could be stored.
_NEEDED = frozenset({ScheduledJob.MAKE_PARTITIONS})


@dataclass(frozen=True, slots=True)
class Times:
    """Each of these minutes of each of these hours of every day, UTC."""

    minutes: frozenset[int]
    hours: frozenset[int]
    text: str

    def latest(self, at: datetime) -> datetime:
        """The last of them that is not after `at`."""
        return max(time for time in self._around(at) if time <= at)

    def next(self, at: datetime) -> datetime:
        """The first of them that is after `at`."""
        return min(time for time in self._around(at) if time > at)

    def _around(self, at: datetime) -> list[datetime]:
        midnights = (floor(at, DAY) + days * DAY for days in (-1, 0, 1))
        return [
            midnight + hour * HOUR + timedelta(minutes=minute)
            for midnight in midnights
            for hour in self.hours
            for minute in self.minutes
        ]


Timetable = Mapping[ScheduledJob, Times | None]


def read_timetable(text: str | None) -> Timetable:
    """The times of every job, none of one that is off: by default, but for those that the text says.

    It is `NAME=MINUTES HOURS` or `NAME=off`, several separated by `;`. Minutes and hours are `*`, a number, numbers and
    ranges separated by commas, or every so many of them, `*/15`.

    Raises: InvalidInput.
    """
    timetable: dict[ScheduledJob, Times | None] = {job: _times(job, text) for job, text in DEFAULTS.items()}
    for entry in filter(None, (part.strip() for part in (text or "").split(";"))):
        name, _, times = (part.strip() for part in entry.partition("="))
        job = find_job(name, "timetable")
        timetable[job] = _times(job, times)
    return timetable


@dataclass(frozen=True, slots=True)
class Past:
    """What became of one time so far: how often it was tried, whether it went well, and when it failed last."""

    tries: int = 0
    went_well: bool = False
    failed_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody needs to try any more."""
        return self.went_well or self.tries >= MOST_TRIES

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be tried now: what failed is left alone for five minutes."""
        return not self.is_over and (self.failed_at is None or now >= self.failed_at + _TRY_AGAIN_AFTER)


@dataclass(frozen=True, slots=True)
class Last:
    """The last run of a job, and when the last that went well began, by the timetable or by hand."""

    status: RunStatus
    started_at: datetime
    error: str | None
    went_well_at: datetime | None


def missed_time(
    times: Times | None, last: Last | None, *, known_since: datetime | None, now: datetime
) -> datetime | None:
    """The time for which a job was not done well though that is a while ago, if there is such.

    `known_since`: since when runs are recorded at all; before the first, no time was missed.
    """
    since = last.went_well_at if last and last.went_well_at else known_since
    is_at_it = last is not None and last.status is RunStatus.RUNNING and now - last.started_at < DAY
    if times is None or since is None or is_at_it:
        return None
    due_at = times.latest(now - LATE_AFTER)
    return due_at if due_at > since else None


def problem_of(last: Last | None, missed: datetime | None) -> str | None:
    """What is wrong with a job, none where nothing is: it failed last, or was not done for too long."""
    if last is not None and last.status is RunStatus.FAILED:
        return f"failed at {last.started_at:%Y-%m-%d %H:%M} UTC: {last.error}"
    return f"was to be done at {missed:%Y-%m-%d %H:%M} UTC, and was not" if missed else None


def find_job(name: str, path: str = "job") -> ScheduledJob:
    """The job of that name.

    Raises: InvalidInput at `path`.
    """
    if name in set(ScheduledJob):
        return ScheduledJob(name)
    near = get_close_matches(name, list(ScheduledJob), n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(ScheduledJob)}."
    raise InvalidInput(f"`{path}` names {name!r}, which is no job: {hint}", (path,))


def _times(job: ScheduledJob, text: str) -> Times | None:
    """The times that a text says.

    Raises: InvalidInput.
    """
    if text == _OFF and job not in _NEEDED:
        return None
    parts = text.split()
    if len(parts) == len(("minutes", "hours")):
        minutes, hours = _numbers(parts[0], _MINUTES), _numbers(parts[1], _HOURS)
        if minutes and hours:
            return Times(minutes, hours, text)
    off = "" if job in _NEEDED else ", or off"
    raise InvalidInput(
        f"`timetable` must say when {job} is to be done as minutes and hours, such as 0,30 8-18 or */15 *{off}"
        f" (it says {text!r}).",
        ("timetable",),
    )


def _numbers(text: str, end: int) -> frozenset[int] | None:
    """The numbers below `end` that a field says; none where it cannot be read."""
    found: set[int] = set()
    for part in text.split(","):
        if (numbers := _range(part, end)) is None:
            return None
        found |= numbers
    return frozenset(found)


def _range(part: str, end: int) -> set[int] | None:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if span == "*":
        first, last = "0", str(end - 1)
    elif not dash:
        last = first
    numbers = [first, last, step if slash else "1"]
    if not all(number.isdecimal() and number.isascii() for number in numbers) or (slash and span != "*"):
        return None
    begin, stop, by = map(int, numbers)
    return set(range(begin, stop + 1, by)) if begin <= stop < end and 0 < by < end else None
