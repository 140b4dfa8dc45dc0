"""A notification in Slack: by an incoming webhook, or as a bot, whose messages follow what becomes of the alert."""

from dataclasses import replace
from typing import Any

import orjson

from domain.alert import AlertStatus
from domain.notification import Outcome, one_line
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.door import JSON, Door, Refresh, read_object
from resolvers.notification.ready import is_incoming_webhook
from resolvers.notification.telling import Other, Others, Telling, standing, telling

ACKNOWLEDGE, RESOLVE = "acknowledge", "resolve"
_LONGEST_HEADER = 150
_LONGEST_LINE = 300
_LONGEST_TEXT = 2900
_MOST_FIELDS = 10
# What Slack says of a recipient or a message that no second try will change.
_FINAL = frozenset({
    "channel_not_found", "not_in_channel", "is_archived", "user_not_found", "user_disabled", "cannot_dm_bot", "no_text",
    "invalid_blocks", "msg_too_long", "restricted_action", "message_not_found", "cant_update_message",
})  # fmt: skip


def slack_sender(door: Door) -> Send:
    """What sends a notification to a webhook's URL, or else to the member or channel."""

    async def send(notification: Notification) -> Outcome:
        message = make_message(telling(notification), AlertStatus.TRIGGERED)
        if is_incoming_webhook(notification.destination):
            _, outcome = await door.post(notification.destination, orjson.dumps(message), JSON)
            return outcome
        return await _call(door, "chat.postMessage", {"channel": notification.destination, **message})

    return send


def slack_refresher(door: Door) -> Refresh:
    """What changes a message of the bot in place; one of an incoming webhook stays as it was."""

    async def refresh(notification: Notification, status: AlertStatus) -> Outcome:
        receipt = notification.receipt or {}
        message = make_message(telling(notification), status)
        return await _call(door, "chat.update", {"channel": receipt["channel"], "ts": receipt["ts"], **message})

    return refresh


def make_message(told: Telling, status: AlertStatus) -> dict[str, Any]:
    """The message as Slack takes it: a line for previews, and blocks for those who look."""
    line = one_line(told.said, _LONGEST_LINE) if told.said else told.line
    return {"text": _escaped(line), "blocks": [block for block in _blocks(told, status) if block]}


def _blocks(told: Telling, status: AlertStatus) -> list[dict[str, Any] | None]:
    standing_now = f" · *{standing(status)}*" if told.alert_id else ""
    why = f"{_escaped(told.reason)}{standing_now}"
    return [
        *(_said(told, told.said) if told.said else _usual(told)),
        {"type": "context", "elements": [_mrkdwn(f"Why you got this: {why}")]},
        _actions(told, status),
        *(_more(told.others) if told.others else ()),
    ]


def _said(told: Telling, said: str) -> list[dict[str, Any] | None]:
    """What a template made, and the link to the issue: Slack makes none of an address in a text of ours."""
    link = f"\n\n<{told.url}|{_escaped(told.short_id)}>" if told.short_id else ""
    return [_section(_escaped(said)[: _LONGEST_TEXT - len(link)] + link)]


def _usual(told: Telling) -> list[dict[str, Any] | None]:
    lines = _escaped("\n".join(told.lines))[:_LONGEST_TEXT]
    is_issue = told.short_id is not None
    fields = [_mrkdwn(f"*{name}*\n{_escaped(value)}") for name, value in told.facts][:_MOST_FIELDS]
    return [
        {"type": "header", "text": _plain(told.title[:_LONGEST_HEADER])},
        _section(f"{_escaped(told.headline)}: <{told.url}|{_escaped(told.short_id or '')}>") if is_issue else None,
        {"type": "section", "fields": fields} if fields else None,
        _section(f"```{lines}```" if is_issue else lines) if lines else None,
    ]


def _more(others: Others) -> list[dict[str, Any]]:
    """What else happened there, each with its link and a button."""
    rest = f" … and {others.left_out} more." if others.left_out else ""
    head = _section(f"*{others.words.capitalize()}* ({others.severities}), {others.why}:")
    lines = [_section(_line(one)) | _accessory(one.alert_id) for one in others.shown]
    return [head, *lines, *([_section(rest)] if rest else [])]


def _line(one: Other) -> str:
    return f"*{one.severity}* <{one.url}|{_escaped(one.short_id)}> {_escaped(one.title)} ({_escaped(one.service)})"


def _accessory(alert_id: str | None) -> dict[str, Any]:
    return {"accessory": _button(ACKNOWLEDGE, "Acknowledge", alert_id, "primary")} if alert_id else {}


def _actions(told: Telling, status: AlertStatus) -> dict[str, Any] | None:
    """The buttons of what can still be done; their ids carry the alert's."""
    if told.alert_id is None or status is AlertStatus.RESOLVED:
        return None
    buttons = [_button(ACKNOWLEDGE, "Acknowledge", told.alert_id, "primary")] if status is AlertStatus.TRIGGERED else []
    return {"type": "actions", "elements": [*buttons, _button(RESOLVE, "Resolve", told.alert_id, "danger")]}


def _button(action: str, label: str, alert_id: str, style: str) -> dict[str, Any]:
    return {
        "type": "button",
        "text": _plain(label),
        "action_id": f"{action}:{alert_id}",
        "value": alert_id,
        "style": style,
    }


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _call(door: Door, method: str, message: dict[str, Any]) -> Outcome:
    """What a call of Slack's API comes to: it says 200 also to what it does not do."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {door.settings.slack_token}",
    }
    answer, outcome = await door.post(f"{door.settings.slack_url}/{method}", orjson.dumps(message), headers)
    if not outcome.succeeded:
        return outcome
    said = read_object(answer)
    if said.get("ok") is True:
        receipt = {"channel": str(said.get("channel")), "ts": str(said.get("ts"))}
        return replace(outcome, detail=f"ts {receipt['ts']}", receipt=receipt)
    error = str(said.get("error", "no answer of Slack's"))
    return replace(outcome, succeeded=False, detail=error, is_final=error in _FINAL)
