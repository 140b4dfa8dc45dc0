"""What is read of a source map, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.sourcemap import mappings as bounds
from domain.sourcemap.original import Original, pack, unpack
from domain.sourcemap.reading import read_source_map
from tests.domain.sourcemap.encoding import a_map, mappings

MOST = 1_000_000
NUMBERS = st.integers(0, 2**31 - 1)
SOURCES = ["a.js", "b.js", "c.js"]
NAMES = ["one", "two"]


def read(raw: bytes):
    return read_source_map(raw, most_bytes=MOST)


def segments():
    placed = st.tuples(NUMBERS, st.integers(0, 2), NUMBERS, NUMBERS)
    named = st.tuples(NUMBERS, st.integers(0, 2), NUMBERS, NUMBERS, st.integers(0, 1))
    return st.one_of(st.tuples(NUMBERS), placed, named)


@given(st.lists(st.lists(segments(), max_size=5, unique_by=lambda segment: segment[0]), min_size=1, max_size=4))
def test_every_mapping_is_found_again_in_whatever_order_it_was_written(lines):
    found = read(a_map(lines, sources=SOURCES, names=NAMES))
    for number, line in enumerate(lines):
        for column, *rest in line:
            name = NAMES[rest[3]] if len(rest) == 4 else None
            assert found.find(number, column) == (Original(*rest[:3], name) if rest else None)
    assert unpack(pack(found)) == found


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (0, 4, None),
        (0, 5, Original(0, 10, 0, None)),
        (0, 7, Original(0, 10, 0, None)),
        (0, 8, None),
        (1, 100, Original(0, 20, 3, None)),
        (2, 0, None),
        (3, 0, None),
        (-1, 0, None),
    ],
)
def test_the_nearest_mapping_before_a_place_counts_and_only_on_its_line(line, column, expected):
    source_map = read(a_map([[(5, 0, 10, 0), (8,)], [(0, 0, 20, 3)], []]))
    assert source_map.find(line, column) == expected


def test_sections_are_read_as_one_map_each_offset_by_where_it_begins():
    first = json.loads(a_map([[(0, 0, 1, 0, 0)]], names=["one"], sourcesContent=["first"]))
    second = json.loads(a_map([[(2, 0, 7, 0, 0)], [(3, 0, 8, 0)]], sources=["b.js"], names=["two"]))
    sections = [
        {"offset": {"line": 0, "column": 0}, "map": first},
        {"offset": {"line": 0, "column": 100}, "map": second},
    ]
    found = read(json.dumps({"version": 3, "sections": sections}).encode())
    assert (found.sources, found.contents) == (["a.js", "b.js"], ["first", None])
    assert found.find(0, 50) == Original(0, 1, 0, "one")
    assert found.find(0, 102) == Original(1, 7, 0, "two")
    assert found.find(1, 3) == Original(1, 8, 0, None)


def test_a_root_is_put_before_sources_and_foreign_ones_are_known():
    found = read(a_map([[]], sources=["a.js", "/b.js", None], sourceRoot="src/", x_google_ignoreList=[1, 9, "x"]))
    assert (found.sources, found.ignored) == (["src/a.js", "/b.js", "src/"], {1})


def test_a_guard_against_running_the_map_as_a_script_is_passed_over():
    assert read(b")]}'\n" + a_map([[(0, 0, 1, 2)]])).find(0, 0) == Original(0, 1, 2, None)


@pytest.mark.parametrize("key", ["debugId", "debug_id"])
def test_a_debug_id_is_read_under_both_its_names(key):
    found = read(a_map([[]], **{key: "243AB97F-f3b7-5d67-bb90-7b629bf3e85d"}))
    assert found.debug_id == "243ab97ff3b75d67bb907b629bf3e85d"


def test_lines_of_a_source_are_told_however_they_end():
    found = read(a_map([[]], sourcesContent=["one\r\ntwo\nthree\rfour"]))
    assert [found.line_of(0, line) for line in range(-1, 5)] == [None, "one", "two", "three", "four", None]


@pytest.mark.parametrize(
    ("raw", "path", "said"),
    [
        (b"", (), "no JSON"),
        (b"\xff\xfe", (), "no JSON"),
        (b"[" * 100_000, (), "no JSON"),
        (b"[]", (), "must be a JSON object"),
        (b"{}", ("version",), "`version` 3"),
        (b'{"version": 3}', ("mappings",), "must be text"),
        (a_map([[]], sources="a.js"), ("sources",), "must be a list of at most 20,000"),
        (a_map([[(0, 1, 0, 0)]]), ("mappings",), "leads to no place of a source"),
        (a_map([[(0, 0, -1, 0)]]), ("mappings",), "leads to no place of a source"),
        (a_map([[(0, 0, 0, 0, 0)]]), ("mappings",), "leads to no name"),
        (a_map([[(-1,)]]), ("mappings",), "lies before its line"),
        (a_map([[(2**31,)]]), ("mappings",), "numbers of 32 bits"),
        (a_map([], mappings="AA"), ("mappings",), "is no list of 1, 4 or 5"),
        (a_map([], mappings="A!"), ("mappings",), "is no base64"),
        (a_map([], mappings="AAé"), ("mappings",), "is no base64"),
        (a_map([], mappings="g"), ("mappings",), "is no list"),
        (a_map([], mappings="g" * 100), ("mappings",), "is too long"),
        (b'{"version": 3, "sections": 7}', ("sections",), "must be a list of at most 1,000"),
        (b'{"version": 3, "sections": [7]}', ("sections", "0"), "must be a JSON object"),
        (b'{"version": 3, "sections": [{"offset": {"line": -1, "column": 0}}]}', ("sections", "0", "offset"), "offset"),
        (
            b'{"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, "map": {"sections": []}}]}',
            ("sections", "0", "map"),
            "must not have sections",
        ),
        (b" " * (MOST + 1), (), "larger than 1,000,000 bytes"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_by_the_name_of_the_part(raw, path, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        read(raw)
    assert refused.value.path == path


def test_sections_out_of_order_are_refused():
    inner = json.loads(a_map([[]]))
    sections = [{"offset": {"line": line, "column": 0}, "map": inner} for line in (5, 1)]
    with pytest.raises(InvalidInput, match="not in order"):
        read(json.dumps({"version": 3, "sections": sections}).encode())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A," * bounds.MOST_MAPPINGS, "2,000,000 mappings"),
        (";" * bounds.MOST_LINES, "1,000,000 lines"),
    ],
)
def test_mappings_are_counted_before_they_are_read(text, said):
    with pytest.raises(InvalidInput, match=said):
        bounds.check_size(text)


def test_many_small_values_are_refused_before_they_take_memory():
    with pytest.raises(InvalidInput, match="1,000,000 values"):
        read_source_map(b"[" + b"[]," * 1_000_000 + b"[]]", most_bytes=2**25)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(raw):
    with pytest.raises(InvalidInput):
        read(raw)


@given(st.text("ABCDgh,;é+/9 ", max_size=60))
def test_no_mappings_do_more_than_be_refused(text):
    try:
        found = read(a_map([], mappings=text, names=["x"]))
    except InvalidInput:
        return
    assert len(found.segments.starts) == text.count(";") + 1


def test_the_encoder_of_the_tests_agrees_with_one_of_a_bundler():
    # What esbuild 0.28 wrote for `export function f() {}`.
    assert mappings([[(0, 0, 0, 7), (9, 0, 0, 16)]]) == "AAAO,SAAS"
