"""`/answer/…`: where the links in mails lead. Looking does nothing, since mail programs look too; the button does."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.page import page, refusal
from domain.answer import AnswerKind
from resolvers.answer.links import find_asked, follow_link

_BUTTONS = {AnswerKind.ACKNOWLEDGE: "Acknowledge", AnswerKind.RESOLVE: "Resolve"}


async def show(request: Request) -> Response:
    """The page that asks whether it is meant."""
    try:
        answer, issue = await find_asked(request.app.state.resources, request.path_params["text"])
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return refusal(error)
    button = _BUTTONS[answer.kind]
    return page(headline=f"{button} this issue?", issue=issue, button=button)


async def follow(request: Request) -> Response:
    """Do what the link stands for, and say so."""
    try:
        given = await follow_link(request.app.state.resources, request.path_params["text"])
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return refusal(error)
    return page(headline="Done" if given.is_done else "Nothing was done", issue=given, message=given.message)


def answer_routes() -> list[BaseRoute]:
    """Where links in mails lead."""
    return [Route("/answer/{text}", show, methods=["GET"]), Route("/answer/{text}", follow, methods=["POST"])]
