"""Frames at their original positions, by a map that esbuild 0.28 wrote of two files, minified."""

import json
from datetime import UTC, datetime

import pytest

from domain.dialects.graphql import report_from_input
from domain.dialects.sentry.event import report_from_event
from domain.grouping import grouping_keys
from domain.report import Report
from domain.sourcemap.frames import apply_maps, map_keys
from domain.sourcemap.original import SourceMap
from domain.sourcemap.reading import read_source_map

AT = datetime(2026, 1, 1, tzinfo=UTC)
PAY = """\
export class PaymentDeclined extends Error {}
export function chargeTheCard(amount: number): never {
  throw new PaymentDeclined(`declined ${amount}`);
}
"""
MAIN = """\
import { chargeTheCard } from "./pay";
class Cart { checkOut(total: number) { return chargeTheCard(total); } }
function handleClick() { return [1999].map((t) => new Cart().checkOut(t)); }
try { handleClick(); } catch (e) { console.log((e as Error).stack); }
"""
MAP = {
    "version": 3,
    "sources": ["../src/pay.ts", "../src/main.ts"],
    "sourcesContent": [PAY, MAIN],
    "mappings": "AAAO,IAAMA,EAAN,cAA8B,KAAM,CAAC,EACrC,SAASC,EAAcC,EAAuB,CACnD,MAAM,IAAIF,EAAgB,YAAYE,CAAM,EAAE,CAChD,CCFA,IAAMC,EAAN,KAAW,"
    "CAAE,SAASC,EAAe,CAAE,OAAOC,EAAcD,CAAK,CAAG,CAAE,EACtE,SAASE,GAAc,CAAE,MAAO,CAAC,IAAI,EAAE,IAAKC,GAAM,IAAIJ,EAAK,EAAE,SAASI,CAAC,CAAC,CAAG,"
    "CAC3E,GAAI,CAAED,EAAY,CAAG,OAASE,EAAG,CAAE,QAAQ,IAAKA,EAAY,KAAK,CAAG",
    "names": ["PaymentDeclined", "chargeTheCard", "amount", "Cart", "total", "chargeTheCard", "handleClick", "t", "e"],
}  # fmt: skip
# What Node.js 24 printed of it.
STACK = """\
Error: declined 1999
    at n (https://shop.example/static/app.js:1:49)
    at c.checkOut (https://shop.example/static/app.js:1:103)
    at https://shop.example/static/app.js:1:151
    at Array.map (<anonymous>)
    at t (https://shop.example/static/app.js:1:136)
    at Object.<anonymous> (https://shop.example/static/app.js:1:168)
    at Module._compile (node:internal/modules/cjs/loader:1872:14)
"""
KEY = ("/static/app.js", "shop@1", None)
DEBUG_ID = "243ab97f-f3b7-5d67-bb90-7b629bf3e85d"


def esbuilds(**changes) -> SourceMap:
    return read_source_map(json.dumps({**MAP, **changes}).encode(), most_bytes=100_000)


def a_report(**fields) -> Report:
    given = {"service": "shop", "errorType": "Error", "message": "no", "release": "shop@1", "stackTrace": STACK}
    return report_from_input({**given, **fields}, received_at=AT)


def calls(report: Report) -> list[tuple]:
    return [(frame.function, frame.filename, frame.line) for frame in report.exceptions[-1].frames]


def test_frames_tell_original_functions_files_lines_and_code():
    report = a_report()
    assert KEY in map_keys(report)
    assert apply_maps(report, {KEY: esbuilds()}, frozenset()) == 5
    assert calls(report) == [
        ("Module._compile", "node:internal/modules/cjs/loader", 1872),
        ("<anonymous>", "src/main.ts", 4),
        ("handleClick", "src/main.ts", 3),
        ("Array.map", "<anonymous>", None),
        (None, "src/main.ts", 3),
        ("checkOut", "src/main.ts", 2),
        ("chargeTheCard", "src/pay.ts", 3),
    ]
    thrown = report.exceptions[-1].frames[-1]
    assert (thrown.column, thrown.absolute_path, thrown.in_app) == (9, "../src/pay.ts", True)
    assert thrown.context_line == PAY.splitlines()[2]
    assert (thrown.pre_context, thrown.post_context) == (PAY.splitlines()[:2], ["}", ""])
    assert (report.function, report.line) == ("chargeTheCard", 3)
    assert report.raw_stack_trace == STACK
    assert report.notes == ["source maps: 5 of 7 frames shown by their original positions; rawStackTrace has them all"]


def test_a_place_that_the_reporter_named_stays():
    report = a_report(module="billing", function="pay", line=7)
    apply_maps(report, {KEY: esbuilds()}, frozenset())
    assert (report.module, report.function, report.line) == ("billing", "pay", 7)


def test_two_builds_of_the_same_code_are_grouped_alike():
    other = STACK.replace("at n ", "at zq ").replace("at c.checkOut", "at Kd.checkOut").replace("at t ", "at p ")
    first, second = a_report(), a_report(stackTrace=other.replace("/static/app.js", "/static/app.9f31ac02.js"))
    assert set(grouping_keys(first).keys) != set(grouping_keys(second).keys)
    apply_maps(first, {KEY: esbuilds()}, frozenset())
    apply_maps(second, {("/static/app.9f31ac02.js", "shop@1", None): esbuilds()}, frozenset())
    assert grouping_keys(first).keys == grouping_keys(second).keys


def test_frames_of_an_sdk_are_found_by_debug_id_and_their_text_is_kept():
    url = "https://shop.example/static/app.js"
    frames = [{"function": "t", "filename": url, "lineno": 1, "colno": 136, "module": "app", "in_app": True}]
    event = {
        "exception": {"values": [{"type": "Error", "value": "no", "stacktrace": {"frames": frames}}]},
        "debug_meta": {"images": [{"type": "sourcemap", "code_file": url, "debug_id": DEBUG_ID}, 7, {}]},
    }
    report = report_from_event(event, service="shop", received_at=AT)
    key = (DEBUG_ID.replace("-", ""), None, None)
    assert map_keys(report) == {key}
    assert apply_maps(report, {key: esbuilds()}, frozenset()) == 1
    assert report.raw_stack_trace == f"Error: no\n    at t ({url}:1:136)"
    # Nobody is known to have called `t`, and the source has no such function.
    assert calls(report) == [(None, "src/main.ts", 3)]
    assert report.exceptions[-1].frames[-1].module is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("chargeTheCard", "chargeTheCard"),
        ("x.chargeTheCard", "chargeTheCard"),
        ("async chargeTheCard", "chargeTheCard"),
        ("new PaymentDeclined", "new PaymentDeclined"),
        ("inventedByABundler", None),
        ("n", None),
        ("?", "?"),
        ("<anonymous>", "<anonymous>"),
    ],
)
def test_a_name_without_a_caller_stays_where_the_source_has_it(given, shown):
    frames = [{"function": given, "filename": "https://shop.example/static/app.js", "line": 1, "column": 49}]
    report = a_report(stackTrace=None, exceptions=[{"type": "Error", "frames": frames}])
    apply_maps(report, {KEY: esbuilds()}, frozenset())
    assert calls(report) == [(shown, "src/pay.ts", 3)]


def test_a_class_is_named_by_what_stands_behind_new():
    # `new e(...)` at the 56th column, in what was called `chargeTheCard`.
    frames = [
        {"function": function, "filename": "https://shop.example/static/app.js", "line": 1, "column": column}
        for function, column in (("n", 53), ("new e", 5))
    ]
    report = a_report(stackTrace=None, exceptions=[{"type": "Error", "frames": frames}])
    apply_maps(report, {KEY: esbuilds()}, frozenset())
    assert calls(report)[-1] == ("new PaymentDeclined", "src/pay.ts", 1)


@pytest.mark.parametrize(
    ("source", "changes", "in_app"),
    [
        ("../src/pay.ts", {}, True),
        ("../node_modules/stripe/pay.js", {}, False),
        ("webpack://shop/webpack/bootstrap", {}, False),
        ("../src/pay.ts", {"ignoreList": [0]}, False),
    ],
)
def test_whose_code_it_is_follows_from_the_original_path(source, changes, in_app):
    report = a_report()
    apply_maps(report, {KEY: esbuilds(sources=[source, "../src/main.ts"], **changes)}, frozenset())
    assert report.exceptions[-1].frames[-1].in_app is in_app


def test_lines_of_code_are_bounded_and_scrubbed_like_those_of_a_report():
    content = ["//", "//", "pay('4111 1111 1111 1111')" + "x" * 1000]
    report = a_report()
    apply_maps(report, {KEY: esbuilds(sourcesContent=["\n".join(content), None])}, frozenset())
    thrown, caller = report.exceptions[-1].frames[-1], report.exceptions[-1].frames[-2]
    assert "4111" not in thrown.context_line
    assert len(thrown.context_line) <= 500
    assert (caller.filename, caller.context_line, caller.pre_context) == ("src/main.ts", None, [])


def test_a_report_that_no_map_knows_stays_as_it_is():
    report, untouched = a_report(), a_report()
    assert apply_maps(report, {}, frozenset()) == 0
    assert report == untouched


@pytest.mark.parametrize(
    "frame",
    [
        {"filename": "/static/app.js", "line": 1},
        {"filename": "/static/app.js", "column": 1},
        {"function": "f", "line": 1, "column": 1},
    ],
)
def test_frames_without_a_file_a_line_and_a_column_are_not_looked_for(frame):
    assert map_keys(a_report(stackTrace=None, exceptions=[{"type": "Error", "frames": [frame]}])) == set()


@pytest.mark.parametrize(
    ("dist", "known", "shown"),
    [
        ("7", {"7": "seven.ts", None: "any.ts", "8": "eight.ts"}, "seven.ts"),
        ("7", {None: "any.ts", "8": "eight.ts"}, "any.ts"),
        ("7", {"8": "eight.ts"}, "/static/app.js"),
        (None, {"8": "eight.ts", None: "any.ts"}, "any.ts"),
        (None, {"8": "eight.ts"}, "/static/app.js"),
    ],
)
def test_the_map_of_the_reports_own_dist_is_used_else_that_of_none(dist, known, shown):
    report = a_report(dist=dist)
    maps = {(*KEY[:2], of): esbuilds(sources=[name, name]) for of, name in known.items()}
    apply_maps(report, {key: found for key, found in maps.items() if key in map_keys(report)}, frozenset())
    assert report.exceptions[-1].frames[-1].filename == shown


def test_its_own_dist_goes_before_all_other_places_of_a_frame():
    frame = {"filename": "app.js", "absolutePath": "https://shop.example/static/app.js", "line": 1, "column": 49}
    report = a_report(stackTrace=None, dist="7", exceptions=[{"type": "Error", "frames": [frame]}])
    any_dist, own = esbuilds(sources=["any.ts", "any.ts"]), esbuilds(sources=["seven.ts", "seven.ts"])
    apply_maps(report, {KEY: any_dist, ("/app.js", "shop@1", "7"): own}, frozenset())
    assert report.exceptions[-1].frames[-1].filename == "seven.ts"


def test_without_a_release_no_file_is_looked_for_by_its_place():
    assert map_keys(a_report(release=None, dist="7")) == set()
