"""One visit to the shop: who came, to which deployment of it, and what they did until something broke."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Customer:
    """Somebody with an account."""

    id: str
    email: str
    country: str
    plan: str


@dataclass(frozen=True)
class Deployment:
    """Where a version of the shop runs."""

    environment: str
    release: str
    server: str


@dataclass
class Visit:
    """A customer at a deployment; `trail` is what happened so far, as (category, message)."""

    customer: Customer
    deployment: Deployment
    session: str
    trail: list[tuple[str, str]] = field(default_factory=list)

    def note(self, category: str, message: str) -> None:
        """Remember a step."""
        self.trail.append((category, message))
