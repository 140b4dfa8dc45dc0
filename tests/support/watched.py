"""What tests of the transports share: something happens, a token of its own for each test, and nobody is left."""

import asyncio

from tests.support.serving import Served

PATIENCE_S = 15
LOG = "mutation($input: LogErrorInput!) { logError(input: $input) { ... on LoggedError { eventId } } }"
MAKE_TOKEN = """mutation { createApiToken(input: { name: "watching", scopes: [READ] }) {
  ... on CreatedApiToken { secret } ... on Failure { message } } }"""


async def log(served: Served, message: str = "bad total") -> str:
    """The id of an event that happens now."""
    report = {"service": "checkout", "errorType": "ValueError", "message": message}
    answer = await served.ask(LOG, credential=served.credentials.ingest_key, input=report)
    event_id: str = answer["data"]["logError"]["eventId"]
    return event_id


async def make_token(served: Served) -> str:
    """A token that may READ, which nobody else has."""
    made = await served.ask(MAKE_TOKEN)
    secret: str = made["data"]["createApiToken"]["secret"]
    return secret


async def expire_tokens(served: Served) -> None:
    """From now on all tokens of `make_token` are too old."""
    expired = "UPDATE api_token SET expires_at = $1 WHERE name = 'watching'"
    await served.res.db.raw.execute(expired, served.res.clock.now())


async def until_nobody_watches(served: Served) -> None:
    """Return when nobody watches any more."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while left := (len(served.view.sockets), served.res.feed.watchers):
        if left == (0, 0):
            return
        assert asyncio.get_running_loop().time() < deadline, f"sockets and watchers that are left: {left}"
        await asyncio.sleep(0.01)
