"""What comes in an envelope beside events: people's words, and what an SDK counted that it did not send."""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request

from api.reading import salvage_json
from domain.access import Actor
from domain.dialects.sentry.client_report import read_client_report
from domain.dialects.sentry.envelope import Envelope
from domain.dialects.sentry.feedback import read_feedback, read_user_report
from domain.errors import InvalidInput
from domain.feedback import Feedback
from resolvers.discarded import add_discarded
from resolvers.feedback import ReadFeedback, keep_feedback
from resolvers.intake.destination import Destination

FEEDBACK, USER_REPORT, CLIENT_REPORT = "feedback", "user_report", "client_report"


def object_of(payload: bytes, kind: str) -> dict[str, Any]:
    """The object that an item holds as JSON, mended where it can be.

    Raises: InvalidInput where it holds none.
    """
    try:
        value = salvage_json(payload)
    except JSONDecodeError as error:
        raise InvalidInput(f"The {kind} is no JSON: {error}.", (kind,)) from error
    if not isinstance(value, dict):
        raise InvalidInput(f"The {kind} is no JSON object.", (kind,))
    return value


async def keep_beside(request: Request, actor: Actor, envelope: Envelope) -> str | None:
    """Leave feedback on disk and discards counted; return the id of the last feedback.

    Events are to stand there before, so that feedback finds its own.

    Raises: PermissionDenied, InvalidInput, Unavailable.
    """
    res, project = request.app.state.resources, request.path_params.get("project")
    id = None
    for item in envelope.items:
        if item.type == CLIENT_REPORT:
            discards = read_client_report(object_of(item.payload, item.type))
            await add_discarded(res, actor, discards, project=project)
        elif item.type in (FEEDBACK, USER_REPORT):
            said = object_of(item.payload, item.type)
            id = await keep_feedback(res, actor, _reading(item.type, said, envelope.header), project=project)
    return id


def _reading(kind: str, said: Mapping[str, Any], header: Mapping[str, Any]) -> ReadFeedback:
    def read(destination: Destination) -> Feedback:
        keys = destination.redact_keys
        if kind == USER_REPORT:
            return read_user_report(said, redact_keys=keys)
        return read_feedback(said, redact_keys=keys, envelope_id=header.get("event_id"))

    return read
