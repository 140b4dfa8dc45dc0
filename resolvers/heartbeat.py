"""Which background processes live, and when each was last seen."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select

from models import Heartbeat
from resolvers.resources import Resources

WORKER = "worker"


async def beat(res: Resources, name: str) -> None:
    """Leave it known that the process of that name lives now."""
    at = res.clock.now()
    sign = insert(Heartbeat).values(name=name, at=at)
    async with res.db.transaction() as tx:
        await tx.session.exec(sign.on_conflict_do_update(index_elements=["name"], set_={"at": at}))


async def last_beats(res: Resources) -> dict[str, datetime]:
    """When each process was last seen, by its name; one that never ran is not there."""
    async with res.db.reading() as session:
        return {row.name: row.at for row in (await session.exec(select(Heartbeat))).all()}
