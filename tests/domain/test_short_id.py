import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.short_id import normalise_short_id, short_id


@pytest.mark.parametrize(
    ("service", "number", "name"),
    [
        ("checkout", 47, "CHECKOUT-1F"),
        ("checkout", 0, "CHECKOUT-0"),
        ("payment.api/v2", 32, "PAYMENT-API-V2-10"),
        ("--", 1, "ISSUE-1"),
        ("日本", 1, "ISSUE-1"),
        ("straße", 31, "STRASSE-Z"),
        ("a" * 100, 1, "A" * 24 + "-1"),
        ("a" * 23 + "-b", 1, "A" * 23 + "-1"),
    ],
)
def test_short_ids(service, number, name):
    assert short_id(service, number) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("checkout-if", "CHECKOUT-1F"),
        (" Checkout-lF ", "CHECKOUT-1F"),
        ("oil-o", "OIL-0"),
        ("payment-api-10", "PAYMENT-API-10"),
        ("nodash", "N0DASH"),
        ("", ""),
    ],
)
def test_what_people_type_is_read(typed, stored):
    assert normalise_short_id(typed) == stored


@given(st.text(), st.integers(0, 2**63))
def test_a_short_id_is_found_again_however_it_is_written(service, number):
    name = short_id(service, number)

    assert normalise_short_id(name) == normalise_short_id(name.lower()) == name


def test_numbers_below_zero_are_a_mistake():
    with pytest.raises(ValueError, match="0 or more"):
        short_id("a", -1)
