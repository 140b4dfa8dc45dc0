"""Looking after what looks after everything: what is overdue is told, and when all is well somebody outside is."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import structlog

from core.addresses import Allowed
from core.outbound import Outbound, OutboundFailed, OutboundRefused
from domain.timetable import ScheduledJob
from domain.wording import counted
from resolvers.resources import Resources
from resolvers.timetable.run import JobFailed
from resolvers.timetable.states import JobState, job_states
from resolvers.warning.overdue import OVERDUE_AFTER, Overdue, Work, find_overdue
from resolvers.warning.tell import Watched, tell_administrators

_log = structlog.get_logger()
_PING_S = 10.0
_OK = range(200, 300)
_TITLES = {
    Work.ESCALATIONS: ("Alerts do not climb", "alert"),
    Work.NOTIFICATIONS: ("Messages do not leave", "message"),
    Work.TRIAGE: ("New issues are not judged", "issue"),
}
_ADVICE = "See that a worker runs, and what its log says; /health/detailed and tocsin doctor say how each part is."
_JOB_ADVICE = "See the worker's log for the reason, mend it, and do it by hand: tocsin run {job}."


async def audit(res: Resources) -> Mapping[str, int]:
    """Leave what is overdue in the log, and administrators told of it, or that it is over; else ask the heartbeat.

    Return how much is wrong, and whether the heartbeat was asked.

    Raises: JobFailed where the heartbeat did not answer well.
    """
    overdue = await find_overdue(res)
    # Its own last run is for others to judge: while it fails, nobody is asked.
    jobs = [state for state in await job_states(res) if state.job is not ScheduledJob.AUDIT]
    watched = [*(_work(work, found) for work, found in overdue.items()), *map(_job, jobs)]
    wrong = [one for one in watched if one.is_wrong]
    for one in wrong:
        _log.error("overdue", what=one.name, words=one.words)
    await tell_administrators(res, watched)
    is_asked = not wrong and res.settings.heartbeat_url is not None
    if is_asked:
        await _ask_heartbeat(res)
    return {"wrong": len(wrong), "heartbeat": int(is_asked)}


def _work(work: Work, found: Overdue) -> Watched:
    title, noun = _TITLES[work]
    since = f", the oldest since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    return Watched(
        name=f"overdue:{work}",
        title=title,
        words=f"{counted(found.count, noun)} due for more than {OVERDUE_AFTER.seconds // 60} minutes{since}",
        advice=_ADVICE,
        is_wrong=found.count > 0,
        is_over=found.count == 0,
    )


def _job(state: JobState) -> Watched:
    return Watched(
        name=f"job:{state.job}",
        title=f"Scheduled work: {state.job}",
        words=state.problem or "done as it should be",
        advice=_JOB_ADVICE.format(job=state.job),
        is_wrong=state.missed is not None,
        is_over=state.problem is None,
    )


async def _ask_heartbeat(res: Resources) -> None:
    """Ask the address whose silence lets somebody outside ring.

    Raises: JobFailed.
    """
    url = res.settings.heartbeat_url or ""
    # The path is a secret most often.
    host = urlsplit(url).hostname
    try:
        outbound = Outbound(Allowed.read(res.settings.outbound_allowed))
        answer = await outbound.request("GET", url, timeout_s=_PING_S)
    except (OutboundRefused, OutboundFailed) as failed:
        _log.warning("heartbeat not taken", host=host, reason=str(failed))
        raise JobFailed(f"The heartbeat at {host} was not taken: {failed}") from failed
    if answer.status not in _OK:
        raise JobFailed(f"The heartbeat at {host} answered {answer.status}.")
