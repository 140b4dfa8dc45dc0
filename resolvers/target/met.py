"""Which share of the targets was met, of what began in a range: one statement over its steps."""

from collections.abc import Mapping

from sqlalchemy import and_, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.db import ReadSession
from domain.stats import Figure
from domain.target import BEGINNINGS, ENDS, Aim
from models import Activity, Issue
from resolvers.target.holding import holding, of_kinds, within_of
from resolvers.times import Answer, AskedTimes, share_of, steps_of


def _met(aim: Aim) -> Answer:
    async def answer(session: ReadSession, asked: AskedTimes) -> float | None:
        """Of the times that began in the range and are over, or were ended, the share that was long enough."""
        target, end = holding(), aliased(Activity)
        columns = (
            col(Activity.id),
            col(Activity.issue_id),
            col(Activity.at),
            col(Issue.project_id),
            col(Issue.severity),
        )
        parts = [steps_of(asked, kind, *columns).where(col(Issue.merged_into_id).is_(None)) for kind in BEGINNINGS[aim]]
        began = parts[0].union_all(*parts[1:]).subquery("began")
        ended = (
            select(col(end.at))
            .where(col(end.issue_id) == began.c.issue_id, col(end.id) > began.c.id, of_kinds(end, ENDS[aim]))
            .order_by(col(end.id))
            .limit(1)
            .lateral("ended")
        )
        holds = and_(target.c.project_id == began.c.project_id, target.c.severity == began.c.severity)
        due_at = began.c.at + within_of(target, aim)
        judged = (
            select((ended.c.at <= due_at).label("is_met"))
            .select_from(began)
            .join(target, holds)
            .outerjoin(ended, literal(True))
            .where(or_(ended.c.at.is_not(None), due_at < asked.now))
            .subquery()
        )
        return await share_of(session, judged.c.is_met.is_(True), judged)

    return answer


MET: Mapping[Figure, Answer] = {
    Figure.ACKNOWLEDGED_IN_TIME: _met(Aim.ACKNOWLEDGE),
    Figure.RESOLVED_IN_TIME: _met(Aim.RESOLVE),
}
