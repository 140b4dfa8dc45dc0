from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from domain.errors import Conflict
from models import Project
from resolvers.conflicts import flush_unique
from resolvers.resources import Resources
from tests.support.factories.project import make_project


@pytest.mark.parametrize(("words", "failure"), [({"project_slug_key": "taken"}, Conflict), ({}, IntegrityError)])
async def test_what_is_there_already_is_a_conflict_where_there_is_a_word_for_it(res: Resources, words, failure):
    project = await make_project(res)

    async def add_twin() -> None:
        async with res.db.transaction() as tx:
            tx.session.add(Project(**{**project.model_dump(), "id": uuid4(), "number": None}))
            await flush_unique(tx, **words)

    with pytest.raises(failure):
        await add_twin()
