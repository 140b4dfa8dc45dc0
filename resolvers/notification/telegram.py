"""A notification in a Telegram chat."""

from dataclasses import replace
from html import escape

import orjson

from domain.notification import Outcome
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.door import JSON, Door, read_object
from resolvers.notification.telling import Others, Telling, telling

_LONGEST = 1000


def telegram_sender(door: Door) -> Send:
    """What sends a notification to a chat as the bot; to be used where there is one."""
    url = f"{door.settings.telegram_url}/bot{door.settings.telegram_token}/sendMessage"

    async def send(notification: Notification) -> Outcome:
        message = {
            "chat_id": notification.destination,
            "text": make_html(telling(notification)),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        answer, outcome = await door.post(url, orjson.dumps(message), JSON)
        said = read_object(answer)
        wait = (said.get("parameters") or {}).get("retry_after")
        return replace(
            outcome,
            detail=str(said.get("description") or ("taken" if outcome.succeeded else outcome.detail)),
            retry_after_s=float(wait) if isinstance(wait, int) else outcome.retry_after_s,
        )

    return send


def _more(others: Others) -> str:
    lines = [
        f'{one.severity} <a href="{escape(one.url)}">{escape(one.short_id)}</a> {escape(one.title)}'
        for one in others.shown
    ]
    rest = [f"… and {others.left_out} more."] if others.left_out else []
    return "\n".join([f"<b>{others.words.capitalize()}</b> ({others.severities}):", *lines, *rest])


def make_html(told: Telling) -> str:
    """The message in the few tags that Telegram knows."""
    parts = [
        *([escape(told.said)] if told.said else _usual(told)),
        _more(told.others) if told.others else "",
        f"<i>Why you got this: {escape(told.reason)}</i>",
    ]
    return "\n\n".join(part for part in parts if part)


def _usual(told: Telling) -> list[str]:
    lines = escape("\n".join(told.lines)[:_LONGEST])
    facts = "\n".join(f"{name}: {escape(value)}" for name, value in told.facts)
    return [
        f"<b>{escape(told.title)}</b>",
        f"{escape(told.headline)}: {told.short_id}" if told.short_id else "",
        facts,
        f"<pre>{lines}</pre>" if told.short_id and lines else lines,
        escape(told.url),
    ]
