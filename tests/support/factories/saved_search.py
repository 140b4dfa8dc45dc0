from domain.search.reading import SearchSubject
from models import Developer, Project, Team
from resolvers.resources import Resources
from resolvers.search.saved import create_saved_search
from tests.support.actors import acting


async def keep_searches(res: Resources, person: Developer, project: Project, team: Team, word: str) -> None:
    """A search of that word for a team, one for a project, and one of the person's own."""
    for where in ({"team_id": team.id}, {"project": project.slug}, {}):
        name = f"{word} {' '.join(where)}"
        await create_saved_search(
            res, acting(person, project), name=name, search=f"{word}*", subject=SearchSubject.ISSUES, **where
        )
