"""Whether all whom a policy or a rule is to tell are there."""

from collections.abc import Collection

from sqlmodel import col, select

from core.db import Transaction
from domain.errors import InvalidInput
from domain.policy import Target, TargetKind
from models import Developer, Schedule, Team

_IDS = {TargetKind.DEVELOPER: Developer.id, TargetKind.SCHEDULE: Schedule.id, TargetKind.TEAM: Team.id}


async def check_targets(tx: Transaction, targets: Collection[Target], *path: str) -> None:
    """Return where all of them are there; `path` is where the caller named them.

    Raises: InvalidInput.
    """
    for kind in TargetKind:
        column, wanted = col(_IDS[kind]), {target.id for target in targets if target.kind is kind}
        if wanted and wanted - set((await tx.session.exec(select(column).where(column.in_(wanted)))).all()):
            raise InvalidInput(f"There is no such {kind.lower()}.", path)
