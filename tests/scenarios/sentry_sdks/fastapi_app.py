from circumstances import begin, charge
from fastapi import FastAPI
from fastapi.testclient import TestClient

begin()
app = FastAPI()


@app.post("/pay/{order}")
def pay(order: int, what: dict):
    charge("fastapi")


TestClient(app, raise_server_exceptions=False).post("/pay/7?token=t0p", json={"sku": "SKU-1", "password": "hunter2"})
