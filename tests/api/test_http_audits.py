"""GraphQL over HTTP as the public audit suite has it (npm package graphql-http), against a running server."""

from tests.support.graphql_clients import running_clients
from tests.support.serving import Served


async def test_every_audit_is_ok(served: Served, node: str):
    async with running_clients(node) as clients:
        audits = await clients.call("audit", url=f"{served.url}/graphql")
    assert len(audits) >= 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []
