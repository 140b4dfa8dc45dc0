"""Reading a YAML document as people write it: `18:00` is a time of day, `no` is a word, and nothing is said twice."""

from pathlib import Path
from typing import Any

import yaml

from cli.problem import Problem

_MOST_BYTES = 1_000_000
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # it is not typed
    """YAML 1.1 takes 18:00 for a number to the base of 60 and `no` for false; here such words are left as they are."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [(tag, pattern) for tag, pattern in resolvers if tag in (_NULL, _MERGE)]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, each key of which is there once."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag != _MERGE:
                key = self.construct_object(key_node, deep=True)
                if not isinstance(key, str):
                    raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
                if key in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"{key!r} is there twice", key_node.start_mark)
                seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_document(path: Path) -> Any:
    """What the file holds: mappings, lists, texts, and none for null.

    Raises: Problem that says what is wrong, and where.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > _MOST_BYTES:
        raise Problem(f"{path} has {len(content):,} bytes, and may have {_MOST_BYTES:,}.")
    try:
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - it is a safe one
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        raise Problem(f"{path}:{where} {error.problem}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(f"{path} is no YAML: {' '.join(str(error).split())}.") from None
