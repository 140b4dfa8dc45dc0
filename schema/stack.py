"""How what was thrown looks from outside: exceptions and their frames."""

from collections.abc import Mapping
from typing import Any, Self

import strawberry
from strawberry.scalars import JSON


@strawberry.type(description="One call on the stack.")
class StackFrame:
    """One call on the stack."""

    function: str | None = strawberry.field(description="The function.")
    module: str | None = strawberry.field(description="The module, package or class.")
    filename: str | None = strawberry.field(description="The file, as short as the reporter gave it.")
    absolute_path: str | None = strawberry.field(description="The file's whole path.")
    line: int | None = strawberry.field(description="The line in the file, from 1.")
    column: int | None = strawberry.field(description="The column in the line.")
    context_line: str | None = strawberry.field(description="The line of source itself.")
    pre_context: list[str] = strawberry.field(description="Lines of source before it.")
    post_context: list[str] = strawberry.field(description="Lines of source after it.")
    in_app: bool = strawberry.field(description="Whether it is the application's own code, not a library's.")
    variables: JSON | None = strawberry.field(description="Local variables, with secrets redacted.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The frame as it was stored."""
        return cls(
            function=stored.get("function"),
            module=stored.get("module"),
            filename=stored.get("filename"),
            absolute_path=stored.get("absolute_path"),
            line=stored.get("line"),
            column=stored.get("column"),
            context_line=stored.get("context_line"),
            pre_context=stored.get("pre_context") or [],
            post_context=stored.get("post_context") or [],
            in_app=stored.get("in_app", True),
            variables=stored.get("variables"),
        )


@strawberry.type(description="One exception of a chain.")
class ExceptionInfo:
    """One exception of a chain."""

    type: str = strawberry.field(description="Its class.")
    message: str | None = strawberry.field(description="What it said.")
    module: str | None = strawberry.field(description="Where its class is from.")
    handled: bool | None = strawberry.field(description="Whether the program caught it; null where nobody said.")
    frames: list[StackFrame] = strawberry.field(description="Its stack, oldest call first.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The exception as it was stored."""
        return cls(
            type=stored["type"],
            message=stored.get("message"),
            module=stored.get("module"),
            handled=stored.get("handled"),
            frames=[StackFrame.from_stored(frame) for frame in stored.get("frames", ())],
        )
