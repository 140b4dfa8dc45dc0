"""A button that was clicked in Slack: done as whoever clicked it, who is told where nothing came of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import structlog

from domain.answer import AnswerKind
from domain.errors import DomainError
from domain.notification import Channel
from resolvers.answer.give import give_answer
from resolvers.answer.people import find_person
from resolvers.notification.door import JSON, open_door
from resolvers.notification.slack import ACKNOWLEDGE, RESOLVE
from resolvers.resources import Resources

_log = structlog.get_logger()
_KINDS = {ACKNOWLEDGE: AnswerKind.ACKNOWLEDGE, RESOLVE: AnswerKind.RESOLVE}


@dataclass(frozen=True, slots=True)
class Click:
    """One click: whose, on what, of which alert, and where to answer whoever clicked."""

    user_id: str
    kind: AnswerKind
    alert_id: UUID
    response_url: str | None


def read_click(payload: dict[str, Any]) -> Click | None:
    """The click that Slack tells of; none where it is of nothing of ours."""
    try:
        action = payload["actions"][0]["action_id"]
        name, _, alert_id = action.partition(":")
        return Click(str(payload["user"]["id"]), _KINDS[name], UUID(alert_id), payload.get("response_url"))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


async def answer_click(res: Resources, click: Click) -> None:
    """Leave done what was clicked; the message itself follows the alert. Where nothing came of it, say why."""
    developer_id = await find_person(res, Channel.SLACK, click.user_id)
    if developer_id is None:
        await _say(res, click, f"Nothing was done: nobody here has {click.user_id} as a verified contact method.")
        return
    try:
        given = await give_answer(
            res, developer_id=developer_id, alert_id=click.alert_id, kind=click.kind, by="a button in Slack"
        )
    except DomainError as refused:
        await _say(res, click, f"Nothing was done: {refused.message}")
        return
    if not given.is_done:
        await _say(res, click, f"Nothing was done: {given.message}")


async def _say(res: Resources, click: Click, text: str) -> None:
    """Tell whoever clicked, and nobody else."""
    if click.response_url is None:
        return
    message = {"response_type": "ephemeral", "replace_original": False, "text": text}
    _, outcome = await open_door(res.settings, res.clock).post(click.response_url, orjson.dumps(message), JSON)
    if not outcome.succeeded:
        _log.warning("no word to who clicked", detail=outcome.detail)
