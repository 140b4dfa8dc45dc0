"""Tables that grow are cut by the day: which partitions there are, and how one is made and dropped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.ids import lowest_uuid7


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table cut by UTC days: its name, and the bound of a day in its key."""

    table: str
    bound: Callable[[date], str]

    def name(self, day: date) -> str:
        """The partition of a day."""
        return f"{self.table}_{day:%Y%m%d}"

    def day(self, name: str) -> date:
        """The day of a partition, from its name."""
        return date.fromisoformat(name.removeprefix(f"{self.table}_"))

    def read_day(self, name: str) -> date | None:
        """The day of which a partition of that name would be; none where there could not be one."""
        try:
            day = self.day(name)
        except ValueError:
            return None
        return day if self.name(day) == name else None

    def make(self, day: date) -> tuple[str, str]:
        """The two statements that make a day's partition.

        CREATE … LIKE and then ATTACH: a plain CREATE … PARTITION OF blocks behind every open insert.
        """
        return (
            (
                f"CREATE TABLE {self.name(day)}"
                f" (LIKE {self.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)"
            ),
            (
                f"ALTER TABLE {self.table} ATTACH PARTITION {self.name(day)}"
                f" FOR VALUES FROM ('{self.bound(day)}') TO ('{self.bound(day + timedelta(days=1))}')"
            ),
        )

    def drop(self, name: str) -> tuple[str, str]:
        """The two statements that drop a partition; neither may run in a transaction of others."""
        return f"ALTER TABLE {self.table} DETACH PARTITION {name} CONCURRENTLY", f"DROP TABLE {name}"

    def finish_drop(self, name: str) -> str:
        """The statement that goes on with the first of `drop`, where that was cut off in its midst."""
        return f"ALTER TABLE {self.table} DETACH PARTITION {name} FINALIZE"


EVENT = Partitioned("event", lambda day: str(lowest_uuid7(day)))
FEED = Partitioned("feed", date.isoformat)
