"""What keeps a command from its work, and can be mended by who called it."""


class Problem(Exception):
    """A message for a person, and the code that the command exits with."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
