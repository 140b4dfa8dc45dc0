"""What is completed at once is what the library completes field by field, errors included."""

from datetime import UTC, datetime
from enum import Enum
from random import Random
from typing import Any

import pytest
import strawberry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.leaf import LeafExecutor


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Part(Named):
    at: datetime | None
    count: int
    colour: Colour


@strawberry.type
class Whole(Named):
    parts: list[Part]
    maybe: list[Part | None] | None
    part: Part | None
    named: list[Named]

    @strawberry.field
    def twice(self, times: int = 2) -> str:
        return self.name * times

    @strawberry.field
    async def later(self) -> Part | None:
        return self.part


@strawberry.type
class Query:
    @strawberry.field
    def wholes(self, info: strawberry.Info) -> list[Whole]:
        return info.context

    @strawberry.field
    def one(self, info: strawberry.Info) -> Whole | None:
        return info.context[0]


_PART = "{ __typename name at count colour }"
DOCUMENTS = (
    f"{{ wholes {{ name parts {_PART} maybe {_PART} part {_PART} }} }}",
    "{ wholes { __typename alias: name named { __typename name ... on Part { count again: count } } } }",
    "query($no: Boolean = false) { one { twice(times: 3) parts { count @include(if: $no) name @skip(if: $no) } } }",
    "{ one { name ...w } } fragment w on Whole { later { name count } maybe { count } parts { name colour } twice }",
    "{ wholes { parts { count } } one { part { at colour } } }",
)
SCHEMAS = [
    strawberry.Schema(Query, types=[Part], execution_context_class=executor)
    for executor in (LeafExecutor, StrawberryGraphQLCoreExecutionContext)
]


def a_part(chance: Random, odd: float) -> Any:
    """A part, that now and then is none, or has in it what does not belong there."""

    def value(good: Any, *bad: Any) -> Any:
        return chance.choice(bad) if chance.random() < odd else good

    if chance.random() < odd:
        return chance.choice([None, ValueError("no part"), object()])
    part = Part(
        name=value("part", None, 7, ValueError("no name"), ["x"]),
        at=value(chance.choice([None, datetime(2026, 3, 2, tzinfo=UTC)]), "never", KeyError("at")),
        count=value(chance.randrange(9), None, 2**40, "7", 1.5),
        colour=value(chance.choice(list(Colour)), None, "red", "green"),
    )
    if chance.random() < odd / 2:
        del part.count
    return part


def some_wholes(chance: Random, odd: float) -> list[Any]:
    def parts() -> list[Any]:
        return [a_part(chance, odd) for _ in range(chance.randrange(4))]

    return [
        Whole(name="w", parts=parts(), maybe=chance.choice([None, parts()]), part=a_part(chance, odd), named=parts())
        for _ in range(chance.randrange(1, 4))
    ]


@pytest.mark.parametrize("odd", [0.0, 0.05, 0.3])
async def test_whatever_is_there_is_answered_as_the_library_answers_it(odd: float):
    chance, answered = Random(3), 0
    for turn in range(150):
        context = some_wholes(chance, odd)
        ours, theirs = [
            await schema.execute(DOCUMENTS[turn % len(DOCUMENTS)], context_value=context) for schema in SCHEMAS
        ]
        assert ours.data == theirs.data
        assert [error.formatted for error in ours.errors or ()] == [error.formatted for error in theirs.errors or ()]
        answered += ours.errors is None
    assert answered == 150 if not odd else 10 < answered < 140


async def test_a_resolver_is_not_past_by():
    (whole,) = some_wholes(Random(1), 0)[:1]
    for schema in SCHEMAS:
        found = await schema.execute("{ one { twice(times: 1) } }", context_value=[whole])
        assert found.data == {"one": {"twice": "w"}}
