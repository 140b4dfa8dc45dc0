"""A channel more: what Apprise knows."""

from collections.abc import Sequence

from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_CHANNELS = ("EMAIL", "SLACK", "SMS", "WEBHOOK", "DASHBOARD", "TELEGRAM", "PAGERDUTY")
_TABLES = ("contact_method", "notification", "notification_rule", "notification_template")
# The JSON of a policy's steps without the channel: where it comes after another, then where it comes first.
_WITHOUT = (
    "regexp_replace(regexp_replace({}::text,"
    """ '("channels": \\[[^]]*), "APPRISE"', '\\1', 'g'), '("channels": \\[)"APPRISE"(, )?', '\\1', 'g')::jsonb"""
)


def upgrade() -> None:
    _allow((*_CHANNELS, "APPRISE"))


def downgrade() -> None:
    op.execute("UPDATE alert_rule SET channels = array_remove(channels, 'APPRISE')")
    op.execute(f"UPDATE escalation_policy SET steps = {_WITHOUT.format('steps')}")  # noqa: S608 - constants
    op.execute(f"UPDATE alert SET plan = {_WITHOUT.format('plan')} WHERE plan::text LIKE '%\"APPRISE\"%'")  # noqa: S608
    for table in _TABLES:
        op.execute(f"DELETE FROM {table} WHERE channel = 'APPRISE'")  # noqa: S608 - constants
    _allow(_CHANNELS)


def _allow(channels: Sequence[str]) -> None:
    listed = ", ".join(f"'{channel}'" for channel in channels)
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT channel")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT channel CHECK (channel IN ({listed}))")
