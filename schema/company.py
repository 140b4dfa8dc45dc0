"""Who watches the same as another, and may be told it together with them."""

from collections.abc import Hashable

from domain.feed import Cursor
from resolvers.feed.cohort import Cohort, Run
from schema.context import Context, Info
from schema.sharing import asked_by, sharing_key


class Company:
    """One stream's company: all who ask for the same, of the same rows, with the same rights.

    `rows` says which rows the stream lets through. A stream that runs for a cohort has no company of its own.
    """

    def __init__(self, info: Info, rows: Hashable) -> None:
        self._context = info.context
        self._asked = asked_by(info)
        self._rows = rows
        self.start = info.context.leads_from
        self.returns_from = info.context.returns_from

    def takes(self, cursor: Cursor) -> bool:
        """Whether who stands there, level with what happens, is told by others from now on.

        Its rights may have changed, and with them who the others are.
        """
        context = self._context
        if context.again is None or context.take is None or self.start is not None:
            return False
        cohort = context.entry.enter((self._rows, sharing_key(self._asked, context)), _run_for(context))
        context.seat = cohort.seat(cursor, context.take)
        return context.seat is not None


def _run_for(context: Context) -> Run:
    """How the cohort's own stream is run: as this one was, with its rights as they are now."""
    resources, actor, again = context.resources, context.actor, context.again
    assert again is not None

    async def run(cohort: Cohort, cursor: Cursor) -> object:
        lead = Context(resources, actor, is_long_lived=True)
        lead.leads_from = cursor
        lead.loaders = resources.cohorts.shared.setdefault(lead.actor, lead.loaders)

        async def take(text: str) -> None:
            await cohort.tell(lead.told, text)

        return await again(lead, take)

    return run
