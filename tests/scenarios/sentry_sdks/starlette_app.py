from circumstances import begin, charge
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient


async def pay(request):
    charge("starlette")


begin()
app = Starlette(routes=[Route("/pay/{order}", pay, methods=["POST"])])
TestClient(app, raise_server_exceptions=False).post("/pay/7?token=t0p", json={"sku": "SKU-1", "password": "hunter2"})
