"""A document whose only field is `logError` or `logErrors`, its argument one variable: compiled once.

An ordinary execution costs most of a millisecond, nearly all of it the same for each call. Here the document is parsed,
validated and weighed by the same rules, once; then its variable is handed to the use case as it came, and the answer is
shaped by a template. What is out of the ordinary is not done here: nothing has happened then, and the caller executes
the document. `tests/schema/test_compiled.py` holds both ways equal.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_operation_ast,
    is_union_type,
    parse,
    specified_rules,
    validate,
)

from domain import errors
from resolvers.intake import log
from schema.compiled.inputs import IsSound, soundness
from schema.compiled.selection import Answer, Kind, NotCompiled, Selections
from schema.context import Context
from schema.contract import Contract
from schema.errors import coded, invalid_input
from schema.failure import InvalidInput, RateLimited
from schema.limits import MOST_COST, MOST_TOKENS, Shape, Weighing, weighing
from schema.log import LogErrorsPayload, LoggedError

_MOST_DOCUMENTS = 256
_LONGEST_DOCUMENT = 10_000

Answered: TypeAlias = dict[str, Any]
_Do: TypeAlias = Callable[[Context, Any], Awaitable[Any]]

# `issue` is not at hand: it is read, with the rights and the loaders that an execution has.
_REFUSAL = Kind("InvalidInput", {"code": "code", "message": "message", "path": "path"})
_LIMITED = Kind("RateLimited", {**_REFUSAL.attributes, "retryAfter": "retry_after"})
_LOGGED = Kind(
    "LoggedError",
    {
        "outcome": "outcome",
        "eventId": "event_id",
        "issueId": "issue_id",
        "issueShortId": "issue_short_id",
        "isNew": "is_new",
        "isRegression": "is_regression",
        "failure": "failure",
    },
    {"failure": {InvalidInput: _REFUSAL, RateLimited: _LIMITED}},
)
_PAYLOAD = Kind(
    "LogErrorsPayload",
    {"results": "results", "stored": "stored", "refused": "refused"},
    {"results": {LoggedError: _LOGGED}},
)


async def _log_error(context: Context, fields: Any) -> LoggedError:
    return LoggedError.from_stored(await log.log_error(context.resources, context.actor, fields))


async def _log_errors(context: Context, inputs: Any) -> LogErrorsPayload:
    return LogErrorsPayload.from_logged(await log.log_errors(context.resources, context.actor, inputs))


_FIELDS: dict[str, tuple[_Do, dict[type, Kind]]] = {
    "logError": (_log_error, {LoggedError: _LOGGED, InvalidInput: _REFUSAL}),
    "logErrors": (_log_errors, {LogErrorsPayload: _PAYLOAD}),
}


@dataclass(frozen=True, slots=True)
class CompiledDocument:
    """What is left to do of a document: look at the variable, log, answer."""

    _field: FieldNode
    _variable: str
    _is_sound: IsSound
    _weighing: Weighing
    _do: _Do
    _has_refusals: bool
    _answer: Answer

    async def execute(self, context: Context, variables: object) -> Answered | None:
        """The answer, as GraphQL over HTTP has it; none where the document is to be executed, and nothing was done."""
        if type(variables) is not dict or not self._is_usual(variables):
            return None
        try:
            result = await self._do(context, variables[self._variable])
        except errors.InvalidInput as failure:
            if not self._has_refusals:
                return self._failed(failure, context)
            result = invalid_input(failure)
        except Exception as error:  # noqa: BLE001 - as in an execution, whatever it was gets its code
            return self._failed(error, context)
        return {"data": {self._key: self._answer(result)}}

    @property
    def _key(self) -> str:
        return (self._field.alias or self._field.name).value

    def _is_usual(self, variables: dict[str, Any]) -> bool:
        is_given = self._variable in variables
        return is_given and self._is_sound(variables[self._variable]) and self._weighing.cost(variables) <= MOST_COST

    def _failed(self, error: Exception, context: Context) -> Answered:
        raised = GraphQLError(str(error), [self._field], path=[self._key], original_error=error)
        return {"data": {self._key: None}, "errors": [coded(raised, context.request_id).formatted]}


class CompiledDocuments:
    """The documents that were compiled, those used last, and which cannot be."""

    def __init__(self, contract: Contract) -> None:
        self._schema = contract._schema  # noqa: SLF001 - Strawberry has no other way to it
        self._known: OrderedDict[tuple[str, str | None], CompiledDocument | None] = OrderedDict()

    def find(self, query: object, operation_name: object) -> CompiledDocument | None:
        """The compiled document, or none where this one is to be executed."""
        if not isinstance(query, str) or len(query) > _LONGEST_DOCUMENT or not isinstance(operation_name, str | None):
            return None
        key = query, operation_name
        if key not in self._known:
            self._known[key] = _compiled(self._schema, query, operation_name)
            if len(self._known) > _MOST_DOCUMENTS:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def _compiled(schema: GraphQLSchema, query: str, operation_name: str | None) -> CompiledDocument | None:
    try:
        document = parse(query, max_tokens=MOST_TOKENS)
        if validate(schema, document, [*specified_rules, Shape]):
            return None
        operation = get_operation_ast(document, operation_name)
        return _of_operation(schema, document, operation, operation_name) if operation else None
    except (GraphQLError, NotCompiled):
        return None


def _of_operation(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, name: str | None
) -> CompiledDocument:
    field, variable = _only_field(operation)
    do, kinds = _FIELDS[field.name.value]
    assert schema.mutation_type is not None
    definition = schema.mutation_type.fields[field.name.value]
    (argument,) = definition.args.values()
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    selections, sets = Selections(schema, fragments), [field.selection_set] if field.selection_set else []
    assert is_union_type(definition.type) == (InvalidInput in kinds)
    return CompiledDocument(
        field,
        variable,
        soundness(argument.type),
        weighing(schema, document, name),
        do,
        InvalidInput in kinds,
        selections.answer_by_type(kinds, sets),
    )


def _only_field(operation: OperationDefinitionNode) -> tuple[FieldNode, str]:
    """The field of the operation, and the variable that is its argument.

    Raises: NotCompiled where it has others, directives or defaults.
    """
    selections, definitions = operation.selection_set.selections, operation.variable_definitions or ()
    if operation.operation is not OperationType.MUTATION or len(selections) != 1 or len(definitions) != 1:
        raise NotCompiled
    (field,), (definition,) = selections, definitions
    if not isinstance(field, FieldNode) or field.name.value not in _FIELDS:
        raise NotCompiled
    (argument,) = field.arguments or ()  # it has one, which is required, else the document would not be valid
    is_plain = isinstance(argument.value, VariableNode) and definition.default_value is None
    if not is_plain or field.directives or operation.directives or definition.directives:
        raise NotCompiled
    return field, definition.variable.name.value
