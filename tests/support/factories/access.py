from domain.access import Scope
from domain.token import Grant
from models import ApiToken, Developer, IngestKey, Project
from resolvers.access_key import make_ingest_key
from resolvers.access_token import NewToken, make_token
from resolvers.resources import Resources


async def make_api_token(res: Resources, owner: Developer, *scopes: Scope, **overrides: object) -> NewToken:
    new = make_token(owner.id, "ci", Grant(frozenset(scopes or Scope)), at=res.clock.now())
    token = ApiToken(**{**new.token.model_dump(), **overrides})
    async with res.db.transaction() as tx:
        tx.session.add(token)
    return NewToken(token, new.secret)


async def make_key(res: Resources, project: Project, **overrides: object) -> IngestKey:
    key = IngestKey(**{**make_ingest_key(project.id, "web", at=res.clock.now()).model_dump(), **overrides})
    async with res.db.transaction() as tx:
        tx.session.add(key)
    return key
