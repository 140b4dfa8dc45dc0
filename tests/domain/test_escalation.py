import pytest

from domain.escalation import next_up

MANAGER, LEAD, OWNER, ANN = "manager", "lead", "owner", "ann"


@pytest.mark.parametrize(
    ("line", "told", "chosen"),
    [
        ([MANAGER, LEAD, OWNER], [ANN], MANAGER),
        ([MANAGER, LEAD, OWNER], [ANN, MANAGER], LEAD),
        ([LEAD, OWNER], [LEAD], OWNER),
        ([MANAGER, LEAD, OWNER], [MANAGER, LEAD, OWNER], OWNER),
        ([LEAD], [LEAD], LEAD),
        ([], [ANN], None),
    ],
)
def test_the_nearest_who_was_not_told_is_next_and_at_the_end_the_last_again(line, told, chosen):
    assert next_up(line, told) == chosen
