import asyncio
import json
import os

import websockets

WATCH = """
subscription($after: Cursor) {
  errorLogged(after: $after) {
    __typename
    ... on ErrorLogged { cursor event { service severity errorType message } issue { shortId } }
    ... on StreamPosition { cursor }
    ... on StreamReset { cursor reason }
  }
}
"""


async def watch():
    url = os.environ["URL"].replace("http", "ws", 1)
    after = None
    async for socket in websockets.connect(url, subprotocols=["graphql-transport-ws"]):
        try:
            hello = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": hello}))
            ask = {"query": WATCH, "variables": {"after": after}}
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "connection_ack":
                    await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": ask}))
                elif message["type"] == "next":
                    item = message["payload"]["data"]["errorLogged"]
                    after = item["cursor"]  # from here it goes on after a break, with nothing lost and nothing twice
                    print(json.dumps(item), flush=True)
                elif message["type"] == "error":
                    raise SystemExit(message["payload"])
        except websockets.ConnectionClosed as closed:
            if closed.rcvd and closed.rcvd.code == 4403:
                raise SystemExit("The token is not accepted.") from None


asyncio.run(watch())
