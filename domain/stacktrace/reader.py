"""How is a text read in which one line decides what the next one means? A language states only what its lines mean."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from domain.report import ExceptionInfo, Frame


class Reader(ABC):
    """A text read so far: the exceptions that are done; of the one that is not, its frames and what stands above."""

    def __init__(self) -> None:
        self._exceptions: list[ExceptionInfo] = []
        self._frames: list[Frame] = []
        self._head: list[str] = []

    @classmethod
    def of(cls, lines: Sequence[str]) -> list[ExceptionInfo]:
        """Hand back the exceptions of a text, oldest cause first, frames oldest first; none where it is none such."""
        return cls().read_all(lines) if any(map(cls.is_certain, lines)) else []

    @staticmethod
    def is_certain(_line: str) -> bool:
        """Whether a line shows that the text is of this language; where none needs to, the frames do."""
        return True

    def read_all(self, lines: Iterable[str]) -> list[ExceptionInfo]:
        """Hand back what the lines say."""
        for line in lines:
            self.read(line)
        return self.finish()

    @abstractmethod
    def read(self, line: str) -> None:
        """Take in one line."""

    def finish(self) -> list[ExceptionInfo]:
        """Hand back what was read, in a language that prints causes below."""
        self._close()
        return self._exceptions[::-1]

    @abstractmethod
    def _close(self) -> None:
        """Leave the exception that was being read among those that are done."""
