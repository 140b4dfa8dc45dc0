"""One execution for all who watch the same.

What a document makes of a row of the feed depends on the row, on the variables that its selection uses, and on the
caller's rights; and where it shows people or their tokens, on who the caller is. So the first subscriber whom a row
reaches executes; the others of the same kind get the same data, and share the text that it is written in. Each keeps a
stream and a cursor of its own: filters and `after` belong to the stream, and not to the execution.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Hashable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    is_composite_type,
    visit,
)
from graphql.execution import Executor
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import AwaitableOrValue

from core.coming import Coming
from domain.access import Actor
from resolvers.feed.cohort import Place
from resolvers.feed.patience import can_wait, pauses
from schema.context import Context, Info, SharedData
from schema.leaf import LeafExecutor

Results: TypeAlias = dict[Hashable, Any]
# So many items of those that came together are executed at once: what is loaded for each is then asked for in one go.
_TOGETHER = 16

# The types of which all who have the same rights see the same. People and their tokens are not among them: who shares a
# team with whom, and whose token it is, differs from one caller to the next.
SAME_FOR_ALL = frozenset({
    "ErrorStreamItem", "ErrorLogged", "IssueStreamItem", "IssueChanged", "StreamPosition", "StreamReset", "PageInfo",
    "Event", "EventConnection", "EventEdge", "Issue", "Activity", "ActivityConnection", "ActivityEdge", "Project",
    "Breadcrumb", "ExceptionInfo", "StackFrame", "RequestInfo", "ResponseInfo", "SdkInfo", "UserInfo", "Tag",
    "Feedback", "FeedbackConnection", "FeedbackEdge", "DiscardedCount",
    "GroupingComponent", "GroupingExplanation", "Alert", "AlertConnection", "AlertEdge",
    "AlertStreamItem", "AlertChanged", "StatsTick", "Stats", "SeverityCount", "StatusCount", "TimePoint", "NamedCount",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document asks for, and whether the answer depends on who asks."""

    what: Hashable
    is_personal: bool


class SharedItem(ABC):
    """An item of a stream that is the same object of the feed for all who watch."""

    @property
    @abstractmethod
    def results(self) -> Results:
        """Where the results of executions are kept, for as long as somebody has the row in hand."""


class SharingExecutor(LeafExecutor):
    """Executes what a document makes of a row once for all who share it, and waits while PostgreSQL is away."""

    _asked: Asked | None = None

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        """The executor of one item of a stream."""
        if self._asked is None:
            fragments = [details.definition for details in self.fragments.values()]
            self._asked = what_is_asked(self.schema, self.operation, fragments, self.variable_values.coerced)
        executor = super().build_per_event_executor(payload)
        # The copy shares what it has collected, by the identity of what was collected anew for each item: without one
        # of its own that would grow with each item for as long as the stream lasts.
        executor._relevant_sub_fields = {}  # noqa: SLF001 - the library has no other way
        return executor

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Any]:
        """The result of the operation; that of an item which was executed before is at hand."""
        if not isinstance(self.root_value, SharedItem):
            return super().execute_operation(serially)
        assert self._asked is not None
        results, key = self.root_value.results, sharing_key(self._asked, self.context_value)
        if key not in results:
            results[key] = Coming(self._execute())
            self._begin_with(self.context_value.next_shown, key)
        coming: Coming[ExecutionResult] = results[key]
        return coming.wait()

    def _begin_with(self, following: Sequence[Any], key: Hashable) -> None:
        """Begin to execute some of those that are to be told next too, so that loaders load for all of them at once."""
        for item in islice(following, _TOGETHER - 1):
            if isinstance(item, SharedItem) and key not in item.results:
                executor = self.build_per_event_executor(item)
                assert isinstance(executor, SharingExecutor)
                item.results[key] = Coming(executor._execute())  # noqa: SLF001 - it is one of these

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


async def shown_straight(
    info: Info,
    turns: AsyncGenerator[list[Any], None],
    show: Callable[[Any], Any],
    place: Callable[[Any], Place | None] = lambda _: None,
    may_see: Callable[[Actor, Any], bool] = lambda _actor, _item: True,
) -> AsyncGenerator[Any, None]:
    """The items of a stream as `show` has them, but for those whose data is at hand: they go straight out.

    The context has the `place` of the last, and what is shown next of those that came together. Who takes long to read
    them may lose rights meanwhile, so what they may see is looked at again with each.
    """
    asked, context = asked_by(info), info.context
    outlet = context.outlet
    async with aclosing(turns):
        async for items in turns:
            context.next_shown = following = deque(map(show, items))
            while following:
                shown, item = following.popleft(), items.pop(0)
                data = None
                if may_see(context.actor, item):
                    context.told = place(item)
                    if outlet and isinstance(shown, SharedItem):
                        data = await data_at_hand(info, asked, shown)
                    if outlet and data is not None:
                        await outlet(data)
                    else:
                        yield shown
                del shown, item, data  # they hold the rows that were read together, and the next may be long in coming
            del items


async def data_at_hand(info: Info, asked: Asked, item: SharedItem) -> SharedData | None:
    """What the document makes of the item, if another subscriber's execution found that out, or is about to."""
    coming: Coming[ExecutionResult] | None = item.results.get(sharing_key(asked, info.context))
    if coming is None:
        return None
    result = await coming.wait()
    return result.data if isinstance(result.data, SharedData) and not result.errors else None


def asked_by(info: Info) -> Asked:
    """What the document asks for, to be compared with what others ask for."""
    raw = info._raw_info  # noqa: SLF001 - Strawberry's own has no document
    return what_is_asked(raw.schema, raw.operation, list(raw.fragments.values()), info.variable_values)


def what_is_asked(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Collection[Node], variables: dict[str, Any]
) -> Asked:
    """The document, its operation, the values of the variables beneath the stream's own arguments, and for whom."""
    source = operation.loc.source.body if operation.loc else id(operation)
    selections = [*_selections(operation), *fragments]
    used = sorted({name for node in selections for name in _variables(node) if name in variables})
    name = operation.name.value if operation.name else None
    what = source, name, repr([(name, variables[name]) for name in used])
    return Asked(what, is_personal=any(_is_personal(schema, node) for node in (operation, *fragments)))


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


class _Persons(Visitor):
    """Looks for a field whose objects two callers of the same rights may see differently."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.found = False
        self._types = types

    def enter_field(self, *_: object) -> None:
        kind = get_named_type(self._types.get_type())
        self.found = self.found or (is_composite_type(kind) and kind.name not in SAME_FOR_ALL)


def _is_personal(schema: GraphQLSchema, node: Node) -> bool:
    types = TypeInfo(schema)
    persons = _Persons(types)
    visit(node, TypeInfoVisitor(types, persons))
    return persons.found


def sharing_key(asked: Asked, context: Context) -> Hashable:
    """What was asked, and all of the caller that the answer depends on."""
    actor = context.actor
    person = (actor.id, actor.developer_id) if asked.is_personal else None
    return asked.what, actor.scopes, actor.project_ids, actor.role, person
