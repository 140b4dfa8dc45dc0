"""Any search finds in PostgreSQL what a reader finds who takes it literally, row by row."""

import random
from datetime import timedelta

from domain.event import Severity
from domain.page import PageRequest
from domain.search.expression import (
    Instant,
    Name,
    Number,
    State,
    Thing,
)
from domain.search.reading import read_search
from resolvers.issue.list import count_issues, list_issues
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.searched import FRAME_WORDS, NAMES, TAGS, WORDS, any_text_of, holds, make_rows

SEARCHES = 120


def any_term(dice: random.Random) -> str:
    sign = dice.choice(["", ">", ">=", "<", "<="])
    named = dice.choice([*NAMES, "s*", "*shop", "*h*p*", '"s*"', "*_*", "s%*"])
    ago = dice.choice(["24h", "2d", "1w", "90m"])
    on = (START - timedelta(days=dice.randrange(5))).date()
    return dice.choice(
        [
            dice.choice([*WORDS, "al*", "fox*", f'"{dice.choice(WORDS)} {dice.choice(WORDS)}"']),
            dice.choice([*FRAME_WORDS, "retry", '"retry"', "hot*", "oscar.alph*"]),
            f'"{" ".join(dice.sample(FRAME_WORDS, 2))}"',
            f"is:{dice.choice(list(State))}",
            f"has:{dice.choice(list(Thing))}",
            f"severity:{sign}{dice.choice(list(Severity)).lower()}",
            f"{dice.choice(list(Name))}:{named}",
            f"tag.{dice.choice([*TAGS, 'b.c'])}:{named}",
            f"has:tag.{dice.choice([*TAGS, 'A'])}",
            f"assignee:{dice.choice(['me', 'none', 'MATE', 'nobody'])}",
            f"team:{dice.choice(['red', 'blue', 'none', 'other'])}",
            f"user:{dice.choice(['ada', 'bob', 'eve'])}",
            f"{dice.choice(list(Instant))}:{dice.choice(['', '>'])}{ago}",
            f"{dice.choice(list(Instant))}:{sign}{on}",
            f"{dice.choice(list(Instant))}:{on - timedelta(days=2)}..{on}T12:00",
            f"{dice.choice(list(Number))}:{sign}{dice.randrange(5)}",
            f"{dice.choice(list(Number))}:1..{dice.randrange(1, 4)}",
        ]
    )


async def test_any_search_finds_what_it_says(res: Resources):
    dice = random.Random(5)
    project = await make_project(res)
    me, mate = await make_developer(res, name="me myself"), await make_developer(res, name="mate")
    teams = [await make_team(res, slug=slug, members=(me, mate), projects=(project,)) for slug in ("red", "blue")]
    rows = await make_rows(res, dice, project, (me, mate), teams)
    actor = acting(me, project)
    some = 0
    for _ in range(SEARCHES):
        text = any_text_of(any_term, dice)
        meant = read_search(text, START)
        expected = {row.issue.short_id for row in rows if holds(meant, row)}
        page = await list_issues(res, actor, search=text, page=PageRequest(200))
        assert {issue.short_id for issue, _ in page.items} == expected, text
        assert await count_issues(res, actor, search=text) == len(expected), text
        some += 0 < len(expected) < len(rows)
    assert some > SEARCHES / 2
