from datetime import timedelta

import pytest

from domain.errors import InvalidInput
from domain.project import check_settings, retention_days


@pytest.mark.parametrize("days", [1, 90, 3650])
def test_events_are_kept_for_whole_days(days):
    assert retention_days(timedelta(days=days)) == days


@pytest.mark.parametrize("span", [timedelta(0), timedelta(hours=36), timedelta(days=3651), timedelta(days=-1)])
def test_another_retention_is_refused(span):
    with pytest.raises(InvalidInput) as failure:
        check_settings({"retention": span})
    assert failure.value.path == ("retention",)


@pytest.mark.parametrize("word", ["", "id", "a-b", "x" * 201])
def test_a_word_that_would_redact_nearly_everything_or_is_none_is_refused(word):
    with pytest.raises(InvalidInput) as failure:
        check_settings({"redact_keys": ["iban", word]})
    assert failure.value.path == ("redactKeys",)


def test_settings_are_trimmed():
    given = {"slug": "shop", "name": " The shop ", "redact_keys": ["iban", "iban ", "birth-day"]}
    assert check_settings(given) == {"slug": "shop", "name": "The shop", "redact_keys": ["birth-day", "iban"]}
