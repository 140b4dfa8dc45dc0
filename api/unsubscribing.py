"""`/unsubscribe/…`: where `List-Unsubscribe` leads: a page for people, one click for mail programs (RFC 8058)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.page import page, refusal
from domain.unsubscribe import Unsubscription
from resolvers.notification.unsubscribe import find_unsubscription, follow_unsubscription

_RULES = (
    "This mail is about what somebody must act on, so no link ends it. By which ways, when and from which severity you "
    "are told of that, your notification rules say: createNotificationRule, or whoever administers Tocsin."
)


async def show(request: Request) -> Response:
    """The page that asks whether it is meant; mail programs look at links too."""
    try:
        wish = await find_unsubscription(request.app.state.resources, request.path_params["text"])
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return refusal(error)
    if wish.is_essential:
        return page(headline="This mail cannot be ended by a link", message=_RULES)
    return page(headline=f"No more mail of the kind {_name(wish)}?", button="Unsubscribe")


async def follow(request: Request) -> Response:
    """Unsubscribe, and offer to undo that."""
    try:
        text = request.path_params["text"]
        wish = await follow_unsubscription(request.app.state.resources, text, is_subscribed=False)
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return refusal(error)
    if wish.is_essential:
        return page(headline="Nothing was done", message=_RULES)
    words = "It is on your dashboard still, and comes by the other ways that you have chosen."
    return page(headline=f"No more mail of the kind {_name(wish)}", message=words, button="Undo", action=f"{text}/undo")


async def undo(request: Request) -> Response:
    """Subscribe again."""
    try:
        resources, text = request.app.state.resources, request.path_params["text"]
        wish = await follow_unsubscription(resources, text, is_subscribed=True)
    except Exception as error:  # noqa: BLE001 - what is a bug is raised again
        return refusal(error)
    return page(headline=f"Mail of the kind {_name(wish)} comes again")


def unsubscribe_routes() -> list[BaseRoute]:
    """Where the link leads, and what its buttons do."""
    return [
        Route("/unsubscribe/{text}", show, methods=["GET"]),
        Route("/unsubscribe/{text}", follow, methods=["POST"]),
        Route("/unsubscribe/{text}/undo", undo, methods=["POST"]),
    ]


def _name(wish: Unsubscription) -> str:
    return wish.kind.replace("_", " ").lower()
