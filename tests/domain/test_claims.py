from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.claims import Key, adopted_issues, claim_keys

PROJECT = uuid4()
KEYS: list[Key] = [(PROJECT, bytes([number])) for number in range(8)]
ISSUES = [UUID(int=number) for number in range(1, 5)]

events = st.lists(st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True), max_size=20)
owners = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(ISSUES))


def issue_of(event: list[Key], owned: dict[Key, UUID]) -> UUID:
    return next(owned[key] for key in event if key in owned)


@given(events, owners)
def test_a_batch_goes_where_its_events_would_have_gone_one_by_one(batch, owned):
    together = owned | claim_keys(batch, owned, uuid4)
    one_by_one = dict(owned)
    for event in batch:
        one_by_one |= claim_keys([event], one_by_one, uuid4)

    def partition(mapping):
        first = {}
        return [first.setdefault(issue_of(event, mapping), place) for place, event in enumerate(batch)]

    assert partition(together) == partition(one_by_one)


@given(events, owners)
def test_every_key_is_owned_afterwards_and_no_owner_changes(batch, owned):
    claimed = claim_keys(batch, owned, uuid4)
    assert not set(claimed) & set(owned)
    assert {key for event in batch for key in event} <= set(claimed) | set(owned)


def test_the_first_key_that_is_owned_decides_and_existing_issues_are_never_merged():
    in_app, full = KEYS[0], KEYS[1]
    owned = {in_app: ISSUES[0], full: ISSUES[1]}
    assert claim_keys([[in_app, full]], owned, uuid4) == {}
    assert claim_keys([[KEYS[2], full]], owned, uuid4) == {KEYS[2]: ISSUES[1]}


@given(events, owners, st.sets(st.sampled_from(KEYS[4:])))
def test_keys_of_an_earlier_version_lead_to_their_issue_and_are_never_claimed(batch, owned, old):
    batch = [[key for key in event if key not in old] + [key for key in event if key in old] for event in batch]
    batch = [event for event in batch if event[0] not in old]
    together = claim_keys(batch, owned, uuid4, old)
    assert not set(together) & old
    one_by_one = dict(owned)
    for event in batch:
        led = next((one_by_one[key] for key in event if key in one_by_one), None)
        one_by_one |= claim_keys([event], one_by_one, uuid4, old)
        assert led is None or issue_of(event, one_by_one) == led


def test_an_issue_that_lost_a_key_gives_way_to_the_winner():
    new = uuid4()
    claimed = {KEYS[0]: new, KEYS[1]: new}
    assert adopted_issues(claimed, {KEYS[1]: ISSUES[0]}, {new}) == {new: ISSUES[0]}
    assert adopted_issues(claimed, {}, {new}) == {}


def test_an_issue_that_existed_never_gives_way():
    assert adopted_issues({KEYS[0]: ISSUES[1]}, {KEYS[0]: ISSUES[0]}, set()) == {}
