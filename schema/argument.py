"""The one argument of a mutation, described once for all of them."""

from typing import Annotated, TypeAlias, TypeVar

import strawberry

Value = TypeVar("Value")

Input: TypeAlias = Annotated[Value, strawberry.argument(description="What is to be done, and to what.")]
