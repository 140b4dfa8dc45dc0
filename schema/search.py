"""What may be typed next in a search, as it looks from outside."""

from typing import Annotated, Self

import strawberry

from domain.search.completing import Suggestion, SuggestionKind
from domain.search.reading import SUBJECTS, SearchSubject
from resolvers.search.suggest import suggest
from schema.context import Info

_DEFAULT = 10


@strawberry.type(description="A text that may be typed next in a search, and what it takes the place of.")
class SearchSuggestion:
    """A text that may be typed next in a search."""

    text: str = strawberry.field(description='The text, in quotes where it needs them: `service:`, `"Ada L"`.')
    kind: SuggestionKind = strawberry.field(description="What it is.")
    start: int = strawberry.field(
        description="It takes the place of the characters from this one on, counted from 0 in code points, …"
    )
    end: int = strawberry.field(description="… and before this one.")

    @classmethod
    def from_suggestion(cls, suggestion: Suggestion) -> Self:
        """How a suggestion looks."""
        return cls(text=suggestion.text, kind=suggestion.kind, start=suggestion.start, end=suggestion.end)


@strawberry.type
class SearchQuery:
    """Help with searches."""

    @strawberry.field(
        description="What may stand at a place of a search that is being written: keys, signs and values, of names"
        " those that you may see; what begins with the letters before that place goes before what only has them."
    )
    async def search_suggestions(
        self,
        info: Info,
        search: Annotated[str, strawberry.argument(description="The search as it is so far.")],
        cursor: Annotated[
            int | None,
            strawberry.argument(description="The place, from 0 on, in code points; left out, the end."),
        ] = None,
        subject: Annotated[SearchSubject, strawberry.argument(description="What is searched.")] = SearchSubject.ISSUES,
        first: Annotated[int, strawberry.argument(description="How many, at most 50.")] = _DEFAULT,
    ) -> list[SearchSuggestion] | None:
        """What may stand there."""
        found = await suggest(
            info.context.resources,
            info.context.actor,
            search=search,
            cursor=cursor,
            subject=SUBJECTS[subject],
            most=first,
        )
        return [SearchSuggestion.from_suggestion(suggestion) for suggestion in found]
