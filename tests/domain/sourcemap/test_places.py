"""By which path a file is known."""

import pytest

from domain.sourcemap.places import beside, debug_id_of, original_path, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://shop.example:8080/static/app.js?v=1#x", "/static/app.js"),
        ("https://cdn.example/static/app.js", "/static/app.js"),
        ("~/static/app.js", "/static/app.js"),
        ("/srv/shop/dist/app.js", "/srv/shop/dist/app.js"),
        ("file:///srv/shop/dist/app.js", "/srv/shop/dist/app.js"),
        ("app:///dist/app.js", "/dist/app.js"),
        ("C:\\shop\\app.js", "/C:/shop/app.js"),
        ("./app.js", "/app.js"),
        ("app.js", "/app.js"),
        ("", "/"),
    ],
)
def test_a_file_has_one_place_wherever_it_is_served(address, place):
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("address", "reference", "place"),
    [
        ("~/static/app.js", "app.js.map", "/static/app.js.map"),
        ("~/static/js/app.js", "../maps/./app.js.map", "/static/maps/app.js.map"),
        ("~/app.js", "../../app.js.map", "/app.js.map"),
        ("~/static/app.js", "/maps/app.js.map", "/maps/app.js.map"),
        ("~/static/app.js", "https://maps.example/app.js.map", "/app.js.map"),
    ],
)  # fmt: skip
def test_a_reference_leads_from_the_file_that_has_it(address, reference, place):
    assert beside(address, reference) == place


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("../src/pay.ts", "src/pay.ts"),
        ("./src/pay.ts", "src/pay.ts"),
        ("webpack:///./src/pay.ts", "src/pay.ts"),
        ("webpack:///src/pay.ts?abcd", "src/pay.ts"),
        ("webpack://shop/./src/pay.ts", "src/pay.ts"),
        ("https://shop.example/src/pay.ts", "/src/pay.ts"),
        ("/srv/src/pay.ts", "/srv/src/pay.ts"),
        ("../../node_modules/left-pad/index.js", "node_modules/left-pad/index.js"),
    ],
)
def test_an_original_path_is_what_somebody_wrote(source, path):
    assert original_path(source) == path


def test_a_debug_id_is_a_uuid():
    assert debug_id_of(" 243AB97F-f3b7-5d67-bb90-7b629bf3e85d ") == "243ab97ff3b75d67bb907b629bf3e85d"
    assert [debug_id_of(text) for text in ("", "243ab97f", "243ab97ff3b75d67bb907b629bf3e85dd")] == [None] * 3
