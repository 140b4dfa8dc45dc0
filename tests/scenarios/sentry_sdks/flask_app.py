from circumstances import begin, charge
from flask import Flask

begin()
app = Flask("shop")


@app.post("/pay/<int:order>")
def pay(order):
    charge("flask")


app.test_client().post("/pay/7?token=t0p", json={"sku": "SKU-1", "password": "hunter2"})
