"""N+1 nowhere: what many things of a kind answer costs no statement more than what one of them does.

Each kind of node is fetched with every field that it has, by itself and with all others of its kind. A new field is found
by walking the schema, and a new kind too.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from domain.access import system
from resolvers.resources import Resources
from schema.context import Context
from schema.root import build_schema
from tests.support.graphql import counted_statements
from tests.support.tenant_rules import ARGUMENTS
from tests.support.tenants import make_tenant, running
from tests.support.walk import Walker

# How many of a list of values there are is no other statement.
_VALUES = re.compile(r"\$\d+(::[\w ]+(\[\])?)?(, \$\d+(::[\w ]+(\[\])?)?)*")
_ROWS = re.compile(r"\(\$\)(, \(\$\))*")
# Reads a month of issues for each rule, and is weighed as a thousand values for it (schema/limits.py).
_FOR_EACH = re.compile(r"wouldHaveFired\([^)]*\) \{[^}]*\{[^}]*\}[^}]*\}")


@dataclass(frozen=True)
class World:
    """Two tenants, whose things there are at least two of each kind of."""

    res: Resources
    nodes: dict[str, list[str]]

    async def statements(self, document: str, **variables: object) -> Counter[str]:
        """How often which statement is sent for a document."""
        context = Context(self.res, system())
        with counted_statements(self.res) as statements:
            result = await build_schema().execute(document, variable_values=variables, context_value=context)
        assert not result.errors, [(error.message, error.path) for error in result.errors][:3]
        assert None not in result.data["nodes"]
        return Counter(_ROWS.sub("($)", _VALUES.sub("$", statement)) for statement in statements)


@pytest.fixture(scope="module")
def walker() -> Walker:
    return Walker(build_schema()._schema, ARGUMENTS)


@pytest.fixture
async def world(res: Resources) -> AsyncIterator[World]:
    async with running(res):
        several = [await make_tenant(res, word) for word in ("amber", "zebra")]
        kinds = several[0].names.nodes
        yield World(res, {kind: [id for each in several for id in each.names.nodes[kind][:2]] for kind in kinds})


@pytest.mark.timeout(120)  # it asks for everything that there is, some hundred times
async def test_many_of_a_kind_cost_no_more_statements_than_one(
    world: World, walker: Walker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("schema.limits.MOST_COST", 10**9)
    assert {kind for kind, ids in world.nodes.items() if len(ids) < 2} == set()
    assert set(world.nodes) == {name for name, kind in walker.schema.type_map.items() if walker.is_node(kind)}
    more: list[tuple[str, str]] = []
    for kind, ids in world.nodes.items():
        document = (
            _FOR_EACH.sub("", walker.fetch(kind))
            .replace("($id: ID!)", "($ids: [ID!]!)")
            .replace("node(id: $id)", "nodes(ids: $ids)")
        )
        of_one: Counter[str] = Counter()
        for id in ids:
            of_one |= await world.statements(document, ids=[id])
        of_many = await world.statements(document, ids=ids)
        more += [(kind, statement) for statement in of_many - of_one]
    assert more == []
