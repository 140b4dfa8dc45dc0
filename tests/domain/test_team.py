from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.team import check_settings

A, B = UUID(int=1), UUID(int=2)


def test_members_and_projects_are_kept_once_and_in_order():
    given = {"slug": "pay", "name": " Payments ", "member_ids": [B, A, B], "project_ids": [], "lead_id": None}
    assert check_settings(given) == {**given, "name": "Payments", "member_ids": [A, B]}


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"slug": "A"}, "slug"),
        ({"name": ""}, "name"),
        ({"member_ids": [A] * 501}, "memberIds"),
        ({"project_ids": [A] * 501}, "projectIds"),
    ],
)
def test_a_wrong_setting_is_named(settings, path):
    with pytest.raises(InvalidInput) as failure:
        check_settings(settings)
    assert failure.value.path == (path,)
