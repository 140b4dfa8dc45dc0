"""One execution for all who watch the same.

What a document makes of a row of the feed depends on the row, on the variables that its selection uses, and on the
caller's rights, and on nothing else. So the first subscriber whom a row reaches executes; the others get the same data,
and share the text that it is written in. Each keeps a stream and a cursor of its own: filters and `after` belong to the
stream, and not to the execution.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeAlias

from graphql import ExecutionResult, FieldNode, Node, OperationDefinitionNode, VariableNode, Visitor, visit
from graphql.execution import Executor
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import AwaitableOrValue
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.feed.patience import can_wait, pauses
from schema.context import Context, Info, SharedData

Results: TypeAlias = dict[Hashable, Any]


class SharedItem(ABC):
    """An item of a stream that is the same object of the feed for all who watch."""

    @property
    @abstractmethod
    def results(self) -> Results:
        """Where the results of executions are kept, for as long as somebody has the row in hand."""


class SharingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes what a document makes of a row once for all who share it, and waits while PostgreSQL is away."""

    _asked: Hashable | None = None

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        """The executor of one item of a stream."""
        if self._asked is None:
            fragments = (details.definition for details in self.fragments.values())
            self._asked = what_is_asked(self.operation, fragments, self.variable_values.coerced)
        return super().build_per_event_executor(payload)

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Any]:
        """The result of the operation; that of an item which was executed before is at hand."""
        if not isinstance(self.root_value, SharedItem):
            return super().execute_operation(serially)
        results, key = self.root_value.results, (self._asked, _rights(self.context_value))
        if key not in results:
            results[key] = asyncio.ensure_future(self._execute())
        # One who goes away leaves the others their result.
        return asyncio.shield(results[key])

    async def _execute(self) -> ExecutionResult:
        """The result of an item, tried again while it fails because PostgreSQL is away: else the item would be lost."""
        for pause_s in pauses():
            executed: Any = super().execute_operation()
            result: ExecutionResult = await executed if self.is_awaitable(executed) else executed
            if not any(can_wait(error.original_error) for error in result.errors or ()):
                break
            await asyncio.sleep(pause_s)
            self.collected_errors = CollectedErrors()
        return ExecutionResult(None if result.data is None else SharedData(result.data), result.errors)


async def data_at_hand(info: Info, asked: Hashable, item: SharedItem) -> SharedData | None:
    """What the document makes of the item, if another subscriber's execution found that out, or is about to."""
    running: asyncio.Future[ExecutionResult] | None = item.results.get((asked, _rights(info.context)))
    if running is None:
        return None
    result = await asyncio.shield(running)
    return result.data if isinstance(result.data, SharedData) and not result.errors else None


def asked_by(info: Info) -> Hashable:
    """What the document asks for, to be compared with what others ask for."""
    raw = info._raw_info  # noqa: SLF001 - Strawberry's own has no document
    return what_is_asked(raw.operation, raw.fragments.values(), info.variable_values)


def what_is_asked(operation: OperationDefinitionNode, fragments: Iterable[Node], variables: dict[str, Any]) -> Hashable:
    """The document, its operation, and the values of the variables beneath the stream's own arguments."""
    source = operation.loc.source.body if operation.loc else id(operation)
    selections = [*_selections(operation), *fragments]
    used = sorted({name for node in selections for name in _variables(node) if name in variables})
    name = operation.name.value if operation.name else None
    return source, name, repr([(name, variables[name]) for name in used])


def _selections(operation: OperationDefinitionNode) -> Iterator[Node]:
    """Everything that is selected in the operation itself, without the arguments of the stream."""
    yield from operation.directives or ()
    for selection in operation.selection_set.selections:
        yield from selection.directives or ()
        if not isinstance(selection, FieldNode):
            yield selection
        elif selection.selection_set is not None:
            yield selection.selection_set


class _Variables(Visitor):
    """Collects the names of variables."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _variables(node: Node) -> set[str]:
    found = _Variables()
    visit(node, found)
    return found.names


def _rights(context: Context) -> Hashable:
    """All of a caller that what it may see depends on."""
    actor = context.actor
    return actor.scopes, actor.project_ids, actor.role
