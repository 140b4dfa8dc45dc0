"""What the mail of a warning to administrators shows."""

from collections.abc import Mapping
from typing import Any

from domain.event import Severity
from resolvers.notification.telling import COLOURS


def warning_view(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with a warning, for a mail to show."""
    colour = COLOURS[Severity.HIGH if content["wrong"] else Severity.INFO]
    return {"services": [], "issues": [], **content, "colour": colour}
