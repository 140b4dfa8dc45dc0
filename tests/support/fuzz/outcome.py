"""What became of one input: so many reports, or why it was turned away."""

import re
from typing import Any

from api.body import TooLarge
from domain.errors import InvalidInput
from domain.feedback import Feedback
from tests.support.fuzz.dialects import Dialect
from tests.support.fuzz.storable import check_feedback, check_report


def outcome(dialect: Dialect, sent: Any) -> int | str:
    """Hand back how many reports came of an input, each of which can be stored; or the reason for which none did.

    Raises: AssertionError for a refusal that the dialect may not give, or a report that cannot be stored.
    """
    try:
        made = list(dialect.read(sent))
    except (InvalidInput, TooLarge) as refusal:
        return _reason(dialect, str(refusal))
    for one in made:
        if isinstance(one, Feedback):
            check_feedback(one)
        else:
            check_report(one)
    return len(made)


def _reason(dialect: Dialect, message: str) -> str:
    found = next((found[0] for pattern in dialect.reasons if (found := re.search(pattern, message))), None)
    assert found, f"{dialect.name} refuses what could be saved: {message}"
    return found
