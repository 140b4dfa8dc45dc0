"""Where Slack tells of clicks, and Twilio of text messages and what became of ours: each call is signed, or refused."""

from urllib.parse import parse_qsl
from uuid import UUID
from xml.sax.saxutils import escape

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, request_response

from api.answers import problem
from api.body import BodyLimit
from domain.answer import read_reply
from domain.callers import is_slack, is_twilio
from domain.errors import DomainError
from domain.receipt import read_status
from resolvers.answer.people import answer_by_text
from resolvers.answer.slack import answer_click, read_click
from resolvers.notification.delivery import record_later
from resolvers.resources import Resources

_MOST_BYTES = 2**18
_TWILIO = "TOCSIN_TWILIO_AUTH_TOKEN, and the address being TOCSIN_PUBLIC_URL"
_HELP = "Write A to acknowledge or R to resolve, and the issue where several ring: A 1F."


async def slack_interactive(request: Request) -> Response:
    """A click in a message of ours (Slack's "Handling user interaction")."""
    res, body = _resources(request), await request.body()
    secret = res.settings.slack_signing_secret
    signed = secret is not None and is_slack(
        secret,
        timestamp=request.headers.get("x-slack-request-timestamp", ""),
        body=body,
        signature=request.headers.get("x-slack-signature", ""),
        at=res.clock.now(),
    )
    if not signed:
        return _refused("TOCSIN_SLACK_SIGNING_SECRET")
    click = read_click(_payload(body))
    if click is not None:
        await answer_click(res, click)
    return Response()


async def twilio_message(request: Request) -> Response:
    """A text message to our number (Twilio's "Messaging webhooks"); the answer says what to write back."""
    form = await _signed_form(request)
    return _refused(_TWILIO) if form is None else _twiml(await _answer(_resources(request), form))


async def twilio_status(request: Request) -> Response:
    """What became of a text message of ours (Twilio's "Message Status callback")."""
    form = await _signed_form(request)
    if form is None:
        return _refused(_TWILIO)
    outcome, meant = read_status(form), _meant(request)
    if outcome is not None and meant is not None:
        await record_later(_resources(request), *meant, outcome)
    return Response(status_code=204)


def _meant(request: Request) -> tuple[UUID, int] | None:
    """Which notification, and which try of it; none where the address is not one that we have given."""
    try:
        return UUID(request.query_params["notification"]), int(request.query_params["attempt"])
    except (KeyError, ValueError):
        return None


async def _signed_form(request: Request) -> dict[str, str] | None:
    """The form that Twilio has sent; none where it did not sign it."""
    res, form = _resources(request), _form(await request.body())
    token = res.settings.twilio_auth_token
    signature = request.headers.get("x-twilio-signature", "")
    url = f"{res.settings.base_url}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    is_theirs = token is not None and is_twilio(token, url=url, form=form, signature=signature)
    return form if is_theirs else None


async def _answer(res: Resources, form: dict[str, str]) -> str | None:
    reply = read_reply(form.get("Body", ""))
    if reply is None:
        return _HELP
    try:
        return await answer_by_text(res, number=form.get("From", ""), reply=reply)
    except DomainError as refused:
        return refused.message


def reply_routes() -> list[BaseRoute]:
    """Where Slack and Twilio call."""
    takers = {
        "/slack/interactive": slack_interactive,
        "/twilio/message": twilio_message,
        "/twilio/status": twilio_status,
    }
    return [
        Route(path, BodyLimit(request_response(taker), _MOST_BYTES), methods=["POST"]) for path, taker in takers.items()
    ]


def _payload(body: bytes) -> dict[str, object]:
    try:
        value = orjson.loads(_form(body).get("payload", ""))
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _refused(setting: str) -> Response:
    return problem(401, "UNAUTHENTICATED", f"The signature is not right; it is checked by {setting}.")


def _twiml(text: str | None) -> Response:
    message = f"<Message>{escape(text)}</Message>" if text else ""
    return Response(f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>', media_type="text/xml")


def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources
