"""The first start: what an empty database needs before anybody can do anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import select

from core.db import Transaction
from core.ids import uuid7
from domain import developer, project
from domain.access import Role, Scope, system
from domain.project import INTERNAL, Plan
from domain.token import Grant
from models import Developer, Duty, IngestKey, Project, Team, TeamMember, TeamProject
from resolvers.access_key import make_ingest_key
from resolvers.access_token import make_token
from resolvers.audit import record_audit
from resolvers.resources import Resources

# Two processes that start at once on an empty database take turns; the second finds all done.
_TURN = 0x70C54
_EVERYTHING = Grant(frozenset(Scope))


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to reach the installation that was just set up: an owner's token, and the first project's key and number."""

    token: str
    ingest_key: str
    project_number: int


async def first_setup(res: Resources, keep: Callable[[Credentials], None] | None = None) -> Credentials | None:
    """Leave a first owner on call, with a token, and a first project of their team, with a key; and our own project.

    `keep` puts the credentials where they last, before they hold: no stop in between can lose what is shown once. Where
    it fails, nothing is stored. None where there is a developer already: all that was done before.

    Raises: InvalidInput where the settings of the owner or the project cannot be used.
    """
    slug, owner = _checked(res)
    async with res.db.transaction() as tx:
        await tx.session.exec(select(func.pg_advisory_xact_lock(_TURN)))
        if (await tx.session.exec(select(Developer.id).limit(1))).first() is not None:
            return None
        tx.session.add(owner)
        tx.session.add(Duty(id=uuid7(owner.created_at), developer_id=owner.id, starts_at=owner.created_at))
        await tx.session.flush()
        first, key = await _add_project(res, tx, owner, slug, slug.replace("-", " ").title())
        if slug != INTERNAL:
            await _add_project(res, tx, owner, INTERNAL, "Tocsin itself")
        await _add_team(tx, owner, first)
        new = make_token(owner.id, "First token", _EVERYTHING, at=owner.created_at)
        tx.session.add(new.token)
        record_audit(res, tx, system(), "firstSetup", target_kind="Developer", target_id=owner.id)
        await tx.session.flush()
        assert first.number is not None
        made = Credentials(new.secret, key.public_key, first.number)
        if keep is not None:
            keep(made)
    return made


def _checked(res: Resources) -> tuple[str, Developer]:
    """The slug of the first project, and the owner, as the settings say.

    Raises: InvalidInput.
    """
    settings = res.settings
    slug = project.check_settings({"slug": settings.first_project})["slug"]
    checked = developer.check_settings({"name": settings.owner_name, "email": settings.owner_email})
    at = res.clock.now()
    owner = Developer(
        id=uuid7(at),
        name=checked["name"],
        email=checked["email"],
        role=Role.OWNER,
        timezone="UTC",
        max_load=developer.USUAL_LOAD,
        created_at=at,
    )
    return slug, owner


async def _add_project(
    res: Resources, tx: Transaction, owner: Developer, slug: str, name: str
) -> tuple[Project, IngestKey]:
    """A project without a quota, that the owner answers for, and its key; stored."""
    at = res.clock.now()
    row = Project(
        id=uuid7(at),
        slug=slug,
        name=name,
        plan=Plan.ENTERPRISE,
        retention_days=project.retention_days(timedelta(days=res.settings.event_retention_days)),
        owner_id=owner.id,
        created_at=at,
    )
    tx.session.add(row)
    await tx.session.flush()
    key = make_ingest_key(row.id, "First key", at=at)
    tx.session.add(key)
    return row, key


async def _add_team(tx: Transaction, owner: Developer, first: Project) -> None:
    team = Team(id=uuid7(owner.created_at), slug=first.slug, name=first.name, lead_id=owner.id)
    tx.session.add(team)
    await tx.session.flush()
    tx.session.add(TeamMember(team_id=team.id, developer_id=owner.id))
    tx.session.add(TeamProject(team_id=team.id, project_id=first.id))
