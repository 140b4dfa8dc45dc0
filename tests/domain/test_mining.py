from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pattern_sample import TEMPLATES, UNSEEN, sample
from bench.patterns import accuracy, equal, mined
from domain.mining import ENOUGH_TO_VARY, Group, Miner, common, covers
from domain.template import join, split, words_of


def templates_of(*messages: str) -> list[str]:
    """The template of each message, as it is at the end."""
    miner = Miner()
    groups = [miner.add(words_of(message), UUID(int=number)) for number, message in enumerate(messages)]
    return [join(group.standing.words) for group in groups]


@pytest.mark.parametrize(
    ("messages", "template"),
    [
        (["order 1 failed", "order 2 failed"], "order <int> failed"),
        (["no column 'a' in t", "no column 'b c' in t"], "no column <*> in t"),
        (["open /etc/a: denied", "open /srv/b/c: denied"], "open <*>: denied"),
        (["bob logged out", "carol logged out", "dave logged out", "erin logged out"], "<*> logged out"),
        (["fields id of user missing", "fields a, b, c of user missing"], "fields <...> of user missing"),
        (["job=mail failed", "job=sync failed"], "job=<*> failed"),
        (
            [
                "payment declined: expired",
                "payment declined: no funds",
                "payment declined: stolen",
                "payment declined: do not honor",
                "payment declined: limit reached now",
                "payment declined: unknown card",
            ],
            "payment declined: <...>",
        ),
    ],
)
def test_what_varies_is_of_one_template(messages, template):
    assert set(templates_of(*messages)) == {template}


@pytest.mark.parametrize(
    "messages",
    [
        ["connection to 10.0.0.1 opened", "connection to 10.0.0.1 closed"],
        ["timeout reading", "timeout writing", "timeout waiting", "timeout connecting", "timeout closing"],
        ["'a'", "'b'"],
        ["password for bob failed", "password for invalid user bob failed"],
        ["table users does not exist", "the queue orders you named does not exist"],
        ["a b c d", "e f g h"],
    ],
)
def test_what_somebody_wrote_differently_stays_apart(messages):
    assert len(set(templates_of(*messages))) == len(messages)


def test_a_group_keeps_its_id_as_its_template_refines_and_those_it_took_in_lead_to_it():
    miner, ids = Miner(), map(UUID, (f"{number:032x}" for number in count(1)))
    users = ["bob", "carol", "dave", "erin", "frank"]
    groups = [miner.add(words_of(f"user {user} on node n1 is blocked"), next(ids)) for user in users]
    first = groups[0]
    assert all(group.standing is first for group in groups)
    assert join(first.words) == "user <*> on node n1 is blocked"
    other = miner.add(words_of("user bob on node n2 is blocked"), next(ids))
    assert other.standing is first
    assert (first.id, join(first.words)) == (UUID(int=1), "user <*> on node <*> is blocked")


def test_one_that_people_know_stands_before_an_older_one():
    old, told = Group(UUID(int=1), split("no column 'a'")), Group(UUID(int=2), split("no column 'b'"), is_told=True)
    group = Miner([old, told]).add(split("no column 'c'"), UUID(int=3))
    assert (group, old.standing) == (told, told)


def test_what_was_found_before_is_gone_on_with():
    known = Group(UUID(int=1), split("no column <*> in table <...>"))
    assert Miner([known]).add(words_of("no column 'x' in table a, b"), UUID(int=2)) is known


WORDS = st.lists(st.sampled_from(["a", " b", " c1", " <int>", " <*>", ","]), min_size=1, max_size=5).map(tuple)


@given(WORDS, WORDS)
def test_what_two_have_in_common_covers_both(one, other):
    shape = common(one, other)
    if shape is not None:
        assert covers(shape, one)
        assert covers(shape, other)


@given(st.permutations([f"user {name} left" for name in ("bob", "carol", "dave", "erin", "frank", "grace")]))
def test_the_order_of_messages_makes_no_difference(messages):
    assert set(templates_of(*messages)) == {"user <*> left"}
    assert len(set(templates_of(*messages[: ENOUGH_TO_VARY - 1]))) == ENOUGH_TO_VARY - 1


@pytest.mark.parametrize(
    ("size", "file"), [pytest.param(10_000, TEMPLATES, marks=pytest.mark.no_cover), (3_000, UNSEEN)]
)
def test_a_labelled_sample_is_grouped_rightly(size, file):
    said = sample(size, file)
    found = accuracy(said, mined(said))
    assert found >= 0.95
    assert found > accuracy(said, equal(said))
