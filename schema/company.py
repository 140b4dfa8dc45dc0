"""Who watches the same as another, and may be told it together with them."""

from collections.abc import Hashable

from domain.feed import Cursor
from resolvers.feed.cohort import Cohort, Member, Run
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
        self._entered: Hashable | None = None
        self._cohort: Cohort | None = None
        self.start = info.context.leads_from

    def seat(self, cursor: Cursor) -> Member | None:
        """A place for a stream that stands there and is level with what happens; none where it stays alone."""
        context = self._context
        if context.again is None or context.take is None or self.start is not None:
            return None
        self._enter((self._rows, sharing_key(self._asked, context)))
        assert self._cohort is not None
        context.seat = self._cohort.seat(cursor, context.take)
        return context.seat

    def close(self) -> None:
        """Count the stream among them no more."""
        if self._entered is not None:
            self._context.resources.cohorts.exit(self._entered)
            self._entered = self._cohort = None

    def _enter(self, key: Hashable) -> None:
        """Count it among those who watch this, and among no others: its rights may have changed."""
        if key != self._entered:
            self.close()
            self._cohort = self._context.resources.cohorts.enter(key, _run_for(self._context))
            self._entered = key


def _run_for(context: Context) -> Run:
    """How the cohort's own stream is run: as this one was, with its rights as they are now."""
    resources, actor, again = context.resources, context.actor, context.again
    assert again is not None

    async def run(cohort: Cohort, cursor: Cursor) -> object:
        lead = Context(resources, actor, is_long_lived=True)
        lead.leads_from = cursor

        async def take(text: str) -> None:
            await cohort.tell(lead.told, text)

        return await again(lead, take)

    return run
