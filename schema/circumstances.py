"""How the circumstances of an event look from outside: the request, the user, what went before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

import strawberry
from strawberry.scalars import JSON


@strawberry.type(description="The request during which it happened, with secrets redacted.")
class RequestInfo:
    """The request during which it happened."""

    method: str | None = strawberry.field(description="GET, POST and so on.")
    url: str | None = strawberry.field(description="Its address.")
    route: str | None = strawberry.field(description="The template that the address matched, as in `/orders/{id}`.")
    status_code: int | None = strawberry.field(description="The status that it was answered with.")
    headers: JSON | None = strawberry.field(description="Its headers.")
    query: JSON | None = strawberry.field(description="The parameters of its address.")
    body: JSON | None = strawberry.field(description="Its body.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The request as it was stored."""
        names = ("method", "url", "route", "status_code", "headers", "query", "body")
        return cls(**{name: stored.get(name) for name in names})


@strawberry.type(description="The answer that was sent or received, with secrets redacted.")
class ResponseInfo:
    """The answer that was sent or received."""

    status_code: int | None = strawberry.field(description="Its status.")
    headers: JSON | None = strawberry.field(description="Its headers.")
    body: JSON | None = strawberry.field(description="Its body.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The response as it was stored."""
        return cls(**{name: stored.get(name) for name in ("status_code", "headers", "body")})


@strawberry.type(description="To whom it happened.")
class UserInfo:
    """To whom it happened."""

    id: str | None = strawberry.field(description="The application's own id of the user.")
    email: str | None = strawberry.field(description="The mail address.")
    username: str | None = strawberry.field(description="The name.")
    ip_address: str | None = strawberry.field(description="The network address.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The user as it was stored."""
        return cls(**{name: stored.get(name) for name in ("id", "email", "username", "ip_address")})


@strawberry.type(description="A label that the reporter chose.")
class Tag:
    """A label that the reporter chose."""

    key: str = strawberry.field(description="What it is about.")
    value: str = strawberry.field(description="What it says.")


@strawberry.type(description="Something that went before, as the program noted it.")
class Breadcrumb:
    """Something that went before."""

    at: datetime | None = strawberry.field(description="When it was; null where the reporter gave no readable time.")
    category: str | None = strawberry.field(description="What kind of thing, as in `http` or `query`.")
    level: str | None = strawberry.field(description="How grave, in the reporter's words.")
    message: str | None = strawberry.field(description="What happened.")
    data: JSON | None = strawberry.field(description="Details.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The breadcrumb as it was stored."""
        return cls(
            at=_instant(stored.get("at")),
            category=stored.get("category"),
            level=stored.get("level"),
            message=stored.get("message"),
            data=stored.get("data"),
        )


@strawberry.type(description="The library that reported.")
class SdkInfo:
    """The library that reported."""

    name: str | None = strawberry.field(description="Its name.")
    version: str | None = strawberry.field(description="Its version.")

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The library as it was stored."""
        return cls(name=stored.get("name"), version=stored.get("version"))


def _instant(text: str | None) -> datetime | None:
    """The instant of a text that a reporter may have written anyhow."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
