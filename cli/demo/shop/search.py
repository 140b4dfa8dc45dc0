"""Finds things by words, through an index whose answers are sometimes cut short."""

import json
from typing import Any

from cli.demo.shop.visit import Visit

_WHOLE = '{"hits": [{"sku": "SKU-1001", "score": 3.1}, {"sku": "SKU-1004", "score": null}]}'
_CUT = _WHOLE[:41]


def find(visit: Visit, words: str) -> list[str]:
    """Hand back what fits, best first."""
    visit.note("http", f"GET /search?q={words}")
    hits = _ask_index(visit, words)
    return [hit["sku"] for hit in sorted(hits, key=lambda hit: hit["score"], reverse=True)]


def suggest(visit: Visit, words: str) -> str:
    """Hand back the first thing that fits, to show while somebody types."""
    return str(_ask_index(visit, words)[0]["sku"])


def _ask_index(visit: Visit, words: str) -> list[dict[str, Any]]:
    visit.note("index", f"query {words!r}")
    answer = _CUT if len(words) > 12 else '{"hits": []}' if words.startswith("?") else _WHOLE  # noqa: PLR2004 - a fault
    hits: list[dict[str, Any]] = json.loads(answer)["hits"]
    return hits
