"""What is completed at once is what the library completes field by field, errors included."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from enum import Enum
from random import Random
from typing import Any, Self

import orjson
import pytest
import strawberry
from strawberry.dataloader import DataLoader
from strawberry.permission import BasePermission
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.leaf import LeafExecutor
from schema.lists import AS_IT_IS, LOADED
from schema.root import build_schema


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class NotAlone(BasePermission):
    message = "not for you"

    def has_permission(self, _source: Any, info: strawberry.Info, **_: Any) -> bool:
        return len(info.context.wholes) > 1 and info.path.prev is not None


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

    @strawberry.field
    def first(self) -> Part | None:
        return self.parts[0] if self.parts else None

    @strawberry.field
    def all_but(self) -> list[Part | None]:
        return [part for part in self.parts if getattr(part, "count", 1)]

    @strawberry.field(metadata=LOADED)
    async def loaded(self, info: strawberry.Info, last: int | None = None, only: Colour = Colour.RED) -> list[Part]:
        found = await info.context.parts.load(id(self))
        if any(isinstance(part, Part) and part.name == "w7" for part in found):
            raise ValueError("unlucky")
        return [part for part in found[: last or 9] if isinstance(part, Exception | None) or only.value]

    @strawberry.field(metadata=LOADED)
    async def neighbour(self, info: strawberry.Info) -> Self | None:
        return await info.context.neighbours.load(id(self))

    @strawberry.field(metadata=LOADED, permission_classes=[NotAlone])
    async def guarded(self, info: strawberry.Info) -> list[Part] | None:
        return await info.context.parts.load(id(self))

    @strawberry.field(metadata=LOADED)
    def at_hand(self, info: strawberry.Info) -> int:
        return len(info.context.wholes)


@strawberry.type
class Query:
    @strawberry.field
    def wholes(self, info: strawberry.Info) -> list[Whole]:
        return info.context.wholes

    @strawberry.field
    def one(self, info: strawberry.Info) -> Whole | None:
        return info.context.wholes[0]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def each(self, info: strawberry.Info) -> AsyncIterator[list[Whole]]:
        for place, _ in enumerate(info.context.wholes):
            yield info.context.wholes[place:]


_PART = "{ __typename name at count colour }"
DOCUMENTS = (
    f"{{ wholes {{ name parts {_PART} maybe {_PART} part {_PART} }} }}",
    "{ wholes { __typename alias: name named { __typename name ... on Part { count again: count } } } }",
    "query($no: Boolean = false) { one { twice(times: 3) parts { count @include(if: $no) name @skip(if: $no) } } }",
    "{ one { name ...w } } fragment w on Whole { later { name count } maybe { count } parts { name colour } twice }",
    "{ wholes { parts { count } } one { part { at colour } } }",
    f"{{ wholes {{ name first {_PART} allBut {_PART} atHand }} }}",
    f"{{ wholes {{ loaded {_PART} name two: loaded(last: 2, only: BLUE) {{ name }} atHand neighbour {{ name }} }} }}",
    "query($n: Int = 1) { wholes { neighbour { neighbour { loaded(last: $n) { colour } name } maybe { at } } } }",
    (
        "query($n: Int = 1) { wholes { loaded(last: $n) { colour } first { ...p } ...w } }"
        " fragment p on Part { name } fragment w on Whole { neighbour { first { ...p at } } first { count } }"
    ),
    "{ wholes { named { __typename } neighbour { later { name } } } }",
    "{ wholes { __typename loaded { __typename } neighbour { __typename } } }",
    "query($c: Colour! = BLUE, $n: Int) { wholes { loaded(only: $c, last: $n) { name } first { at } } }",
    "{ wholes { name guarded { name } loaded { name } } }",
    "query($no: Boolean = true) { wholes { loaded @skip(if: $no) { at } ... @include(if: $no) { loaded { name } } } }",
)


class Quiet(strawberry.Schema):
    def process_errors(self, *_: Any) -> None:
        """They are compared, and not logged."""


SCHEMAS = [
    Quiet(Query, subscription=Subscription, types=[Part], execution_context_class=executor)
    for executor in (LeafExecutor, StrawberryGraphQLCoreExecutionContext)
]


class Context:
    """What is loaded, by those who ask for the same wholes in one turn of the loop."""

    def __init__(self, wholes: list[Any], lost: Collection[int] = ()) -> None:
        self.wholes = wholes
        self.lost = lost
        self.batches: list[list[int]] = []
        self.parts = DataLoader(self._parts)
        self.neighbours = DataLoader(self._neighbours)

    def _place(self, key: int) -> int:
        return next(place for place, whole in enumerate(self.wholes) if id(whole) == key)

    async def _parts(self, keys: list[int]) -> list[Any]:
        self.batches.append(keys)
        places = [self._place(key) for key in keys]
        return [ValueError("lost") if place in self.lost else self.wholes[place].parts for place in places]

    async def _neighbours(self, keys: list[int]) -> list[Any]:
        self.batches.append(keys)
        return [(*self.wholes, None)[self._place(key) + 1] for key in keys]


def a_part(chance: Random, odd: float) -> Any:
    """A part, that now and then is none, or has in it what does not belong there."""

    def value(good: Any, *bad: Any) -> Any:
        return chance.choice(bad) if chance.random() < odd else good

    if chance.random() < odd:
        return chance.choice([None, ValueError("no part"), object()])
    part = Part(
        name=value("part", None, 7, "w7", ValueError("no name"), ["x"]),
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
    for turn in range(140):
        wholes = some_wholes(chance, odd)
        lost = [place for place, _ in enumerate(wholes) if chance.random() < odd]
        contexts = Context(wholes, lost), Context(wholes, lost)
        ours, theirs = [
            await schema.execute(DOCUMENTS[turn % len(DOCUMENTS)], context_value=context)
            for schema, context in zip(SCHEMAS, contexts, strict=True)
        ]
        _assert_same(ours, theirs)
        assert contexts[0].batches == contexts[1].batches, "what failed is not asked for again"
        answered += ours.errors is None
    assert 130 < answered < 140 if not odd else 10 < answered < 110, "`guarded` is not for a whole that is alone"


def _assert_same(ours: Any, theirs: Any) -> None:
    assert orjson.dumps(ours.data) == orjson.dumps(theirs.data), "as are the fields' places"
    assert _told(ours) == _told(theirs)


def _told(result: Any) -> list[Any]:
    """The errors; of those of one answer the order is not said (GraphQL specification, 6.4.4)."""
    return sorted((error.formatted for error in result.errors or ()), key=repr)


async def test_what_is_loaded_of_a_list_is_loaded_at_once():
    context = Context(some_wholes(Random(5), 0))
    await SCHEMAS[0].execute("{ wholes { loaded { name } neighbour { name } } }", context_value=context)
    assert [len(keys) for keys in context.batches] == [len(context.wholes)] * 2


@pytest.mark.parametrize("odd", [0.0, 0.3])
async def test_each_item_of_a_stream_is_executed_as_the_library_executes_it(odd: float):
    document = f"subscription {{ each {{ name loaded {_PART} neighbour {{ name }} parts {_PART} }} }}"
    for turn in range(10):
        wholes = some_wholes(Random(turn), odd)
        ours, theirs = [
            [item async for item in await schema.subscribe(document, context_value=Context(wholes))]
            for schema in SCHEMAS
        ]
        assert len(ours) == len(wholes)
        for one, other in zip(ours, theirs, strict=True):
            _assert_same(one, other)


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_who_leaves_ends_the_list_and_what_it_waits_for(schema: strawberry.Schema):
    context, asked, ended = Context(some_wholes(Random(5), 0)), asyncio.Event(), []

    async def parts(_keys: list[int]) -> list[Any]:
        asked.set()
        try:
            return await asyncio.Event().wait() and []
        finally:
            ended.append("the statement")

    context.parts = DataLoader(parts)
    before = asyncio.all_tasks()
    execution = asyncio.create_task(
        schema.execute("{ wholes { loaded { name } neighbour { loaded { name } } } }", context_value=context)
    )
    await asked.wait()
    execution.cancel()
    with pytest.raises(asyncio.CancelledError):
        await execution
    assert ended == ["the statement"]
    assert asyncio.all_tasks() == before


async def test_a_resolver_is_not_past_by():
    (whole,) = some_wholes(Random(1), 0)[:1]
    for schema in SCHEMAS:
        found = await schema.execute("{ one { twice(times: 1) } }", context_value=Context([whole]))
        assert found.data == {"one": {"twice": "w"}}


def test_what_is_handed_out_as_it_is_is_what_the_scalar_makes_of_it():
    scalars: Any = build_schema()._schema.type_map
    values: Any = {str: ("", "a"), bool: (True, False), int: (-1, 0, 2**53)}
    for name, kind in AS_IT_IS.items():
        for value in values[kind]:
            assert scalars[name].coerce_output_value(value) is value
