"""Finding patterns, every few minutes: what is new is mined, and figures that are due are made anew."""

from collections.abc import Mapping

from resolvers.pattern.figures import refresh_figures
from resolvers.pattern.mine import mine_patterns
from resolvers.resources import Resources


async def analyse_patterns(res: Resources) -> Mapping[str, int]:
    """Leave new issues of a pattern, and its figures as they are now.

    Return how many issues were new, and of how many patterns figures were made. The caller is alone in doing it.
    """
    issues = await mine_patterns(res)
    return {"issues": issues, "patterns": await refresh_figures(res)}
