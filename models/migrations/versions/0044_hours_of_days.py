"""What was in each hour of a day stands beside the day, so that a month by the hour is some thousand rows.

Of the hours that are kept they are copied; what was counted by the day alone is in its first hour. As many rows as there
are days of kinds are written anew: 32,000 for ninety days of ten million events.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_HOURS = [f"hour_{hour:02}" for hour in range(24)]


def upgrade() -> None:
    for name in _HOURS:
        op.add_column("day_count", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    in_each = ", ".join(
        f"coalesce(sum(event_count) FILTER (WHERE extract(hour FROM hour AT TIME ZONE 'UTC') = {hour}), 0) AS {name}"
        for hour, name in enumerate(_HOURS)
    )
    op.execute(f"""
UPDATE day_count d SET {", ".join(f"{name} = h.{name}" for name in _HOURS)}
  FROM (SELECT project_id, (hour AT TIME ZONE 'UTC')::date AS day, service, environment, severity, release, {in_each}
          FROM hourly_count GROUP BY 1, 2, 3, 4, 5, 6) AS h
 WHERE (d.project_id, d.day, d.service, d.environment, d.severity, d.release)
     = (h.project_id, h.day, h.service, h.environment, h.severity, h.release)
""")  # noqa: S608 - constants
    known = " + ".join(_HOURS)
    op.execute(f"UPDATE day_count SET hour_00 = hour_00 + event_count - ({known}) WHERE event_count <> {known}")  # noqa: S608


def downgrade() -> None:
    for name in _HOURS:
        op.drop_column("day_count", name)
