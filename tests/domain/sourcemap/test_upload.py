"""What is taken from an upload, and by what it will be found."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.sourcemap.upload import FoundBy, found_by, maps_of_bundle

ID = "243ab97f-f3b7-5d67-bb90-7b629bf3e85d"
PLAIN = ID.replace("-", "")
MAP = b'{"version": 3}'


def bundle(manifest: object, files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
        made.writestr("manifest.json", manifest if isinstance(manifest, str) else json.dumps(manifest))
    return b"SYSB\x02\0\0\0" + packed.getvalue()


def a_bundle(script: dict, source_map: dict, **more: object) -> bytes:
    files = {
        "a.js": {"type": "minified_source", "url": "~/static/a.js", **script},
        "a.map": {"type": "source_map", "url": "~/static/a.js.map", **source_map},
    }
    return bundle({"files": files, **more}, {"a.js": b"f()", "a.map": MAP})


def found(content: bytes, release: str | None = None, dist: str | None = None) -> list[FoundBy]:
    uploads = list(maps_of_bundle(content, release=release, dist=dist, most_bytes=1000))
    assert all(upload.raw == MAP for upload in uploads)
    return [upload.found_by for upload in uploads]


@pytest.mark.parametrize(
    ("content", "release", "expected"),
    [
        (a_bundle({"headers": {"Sourcemap": "a.js.map"}}, {}), "shop@1", FoundBy("~/static/a.js", "shop@1", "/static/a.js", None)),
        (a_bundle({}, {}, release="shop@2"), None, FoundBy("~/static/a.js", "shop@2", "/static/a.js", None)),
        (
            a_bundle({"headers": {"sourcemap": "../maps/a.map"}}, {"url": "~/maps/a.map"}),
            "shop@1",
            FoundBy("~/static/a.js", "shop@1", "/static/a.js", None),
        ),
        (a_bundle({"headers": {"debug-id": ID}}, {}), None, FoundBy("~/static/a.js", None, None, PLAIN)),
        (a_bundle({}, {"headers": {"debug-id": ID}}), None, FoundBy("~/static/a.js", None, None, PLAIN)),
        (
            a_bundle({"type": "source"}, {"url": "~/other/b.js.map"}),
            "shop@1",
            FoundBy("~/other/b.js", "shop@1", "/other/b.js", None),
        ),
    ],
)  # fmt: skip
def test_a_map_is_found_by_the_minified_file_that_it_is_of(content, release, expected):
    assert found(content, release) == [expected]


@pytest.mark.parametrize(
    ("manifest", "asked", "expected"),
    [
        ({"release": "shop@1", "dist": "7"}, None, "7"),
        ({"release": "shop@1", "dist": "7"}, "8", "8"),
        ({"release": "shop@1"}, "8", "8"),
        ({"release": "shop@1"}, None, None),
    ],
)
def test_a_bundle_says_of_which_dist_it_is_unless_it_is_told(manifest, asked, expected):
    (by,) = found(a_bundle({}, {}, **manifest), dist=asked)
    assert (by.release, by.dist) == ("shop@1", expected)
    assert by.keys == {("shop@1", expected, "/static/a.js")}


def test_a_dist_of_no_release_does_not_count():
    assert found(a_bundle({"headers": {"debug-id": ID}}, {}, dist="7")) == [FoundBy("~/static/a.js", None, None, PLAIN)]


def test_a_map_that_nothing_leads_to_is_left_out():
    assert found(a_bundle({}, {})) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be unpacked"),
        (b"PK\x03\x04" + b"x" * 100, "cannot be unpacked"),
        (bundle("[]", {}), "no object `files`"),
        (bundle("{", {}), "is no JSON"),
        (bundle({"files": {"a.map": {"type": "source_map", "url": "a.map", "headers": {"debug-id": ID}}}}, {}), "no file"),
        (bundle({"files": {}}, {"bomb": b"\0" * 3_000_000}), "more than 100 times its size"),
        (
            bundle(
                {"files": {"a.map": {"type": "source_map", "url": "a.map", "headers": {"debug-id": ID}}}},
                {"a.map": bytes(range(256)) * 8},
            ),
            "larger than 1,000 bytes",
        ),
    ],
)  # fmt: skip
def test_what_is_no_good_bundle_is_refused(content, said):
    with pytest.raises(InvalidInput, match=said):
        found(content, "shop@1")


def test_a_bundle_without_a_manifest_is_refused():
    packed = BytesIO()
    with ZipFile(packed, "w") as made:
        made.writestr("a", b"")
    with pytest.raises(InvalidInput, match=r"no manifest\.json"):
        found(packed.getvalue())


@pytest.mark.parametrize("method", [0, 8, 12, 14, 99])
def test_a_bundle_that_names_another_compression_than_it_has_is_refused(method):
    content = a_bundle({"headers": {"debug-id": ID}}, {})
    entry, local = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x03\x04")
    damaged = bytearray(content)
    damaged[entry + 10], damaged[local + 8] = method, method
    if bytes(damaged) != content:
        with pytest.raises(InvalidInput):
            list(maps_of_bundle(bytes(damaged), release=None, most_bytes=1000))


@given(st.data())
def test_a_bundle_with_some_bytes_changed_is_read_or_refused_and_nothing_else(data):
    content = bytearray(a_bundle({"headers": {"debug-id": ID}}, {}))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        list(maps_of_bundle(bytes(content), release=None, most_bytes=1000))
    except InvalidInput:
        return


@pytest.mark.parametrize(
    ("said", "path", "why"),
    [
        ({}, "release", "Name the `release`"),
        ({"release": "1"}, "url", "needs the `url`"),
        ({"url": "a.js"}, "release", "Name the `release`"),
        ({"release": " ", "url": "a.js"}, "release", "1 to 200"),
        ({"release": "x" * 201, "url": "a.js"}, "release", "1 to 200"),
        ({"release": "1", "url": "x" * 1001}, "url", "1 to 1000"),
        ({"release": "1\0", "url": "a.js"}, "release", "one line"),
        ({"debug_id": "7"}, "debugId", "must be a UUID"),
        ({"release": "1", "url": "a.js", "dist": "x" * 65}, "dist", "1 to 64"),
        ({"release": "1", "url": "a.js", "dist": " "}, "dist", "1 to 64"),
        ({"debug_id": ID, "dist": "7"}, "dist", "needs the `release`"),
    ],
)
def test_what_leads_to_no_map_is_refused(said, path, why):
    with pytest.raises(InvalidInput, match=why) as refused:
        found_by(**{"release": None, "url": None, "debug_id": None, **said})
    assert refused.value.path == (path,)


def test_a_single_map_is_found_by_what_was_said_of_it():
    by = found_by(release=" shop@1 ", url="https://x.example/a.js", debug_id=ID, dist=" 7 ")
    assert by == FoundBy("https://x.example/a.js", "shop@1", "/a.js", PLAIN, "7")
    assert found_by(release=None, url=None, debug_id=ID) == FoundBy(PLAIN, None, None, PLAIN)
