"""The shop's pages, by Flask: `web.py BUG NUMBER` asks for one and prints what its error handler would send."""

import sys

from flask import Flask, request
from main import told
from shop import orders, stock

app = Flask(__name__)
app.config["PROPAGATE_EXCEPTIONS"] = True


@app.get("/carts/<int:number>")
def cart(number):
    return orders.checkout({"id": number, "lines": [], "coupon": "SPRING"})


@app.post("/orders")
def order():
    return {"count": request.get_json()["line"]["count"]}


@app.get("/stock/<name>")
def left(name):
    stock.take(name, 99)


@app.get("/faq")
def faq():
    return app.jinja_env.from_string("{{ page.title.upper() }}").render(page={"name": request.args["q"]})


@app.before_request
def locale():
    request.locale = {"de": "de_DE", "en": "en_GB"}[request.args.get("lang", "de")]


PAGES = {
    "web-empty-cart": lambda number: ("GET", f"/carts/{number}", None),
    "web-order-without-lines": lambda number: ("POST", "/orders", {"id": number}),
    "web-stock": lambda number: ("GET", f"/stock/lamp{number}", None),
    "web-template": lambda number: ("GET", f"/faq?q={number}", None),
    "web-locale": lambda number: ("GET", f"/carts/{number}?lang=x{number}", None),
}


def main(bug, number):
    method, path, body = PAGES[bug](number)
    try:
        app.test_client().open(path, method=method, json=body)
    except Exception as error:
        told(error)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
