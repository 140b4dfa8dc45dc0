"""The package for programs in JavaScript and TypeScript: what is written of it, what is packed, what its types hold."""

import json
import subprocess
from pathlib import Path

from graphql import build_schema

from schema.export import TARGET, version
from schema.typescript import CLIENT, operation_texts, operation_types, schema_types, written
from tests.support.client import NAME

SMALL = build_schema('''
  directive @oneOf on INPUT_OBJECT
  interface Failure { code: String! }
  type Broken implements Failure { code: String! when: DateTime @deprecated(reason: "Nobody asks.") }
  type Lost implements Failure { code: String! }
  "A thing."
  type Thing { id: ID! parts: [Thing!]! others: [[Thing]!] kind: Kind }
  """
  What kind it is,
  in a word */
  """
  enum Kind { HARD SOFT }
  input By @oneOf { id: ID name: String }
  input Given { by: By! kinds: [Kind!] = [HARD] some: Int! = 1 }
  scalar DateTime
  union Answer = Thing | Broken | Lost
  type Query { answer(given: Given): Answer }
''')
COMPILE = (
    "--noEmit",
    "--allowImportingTsExtensions",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "nodenext",
    "--lib",
    "es2024,dom",
    "--types",
    "node",
)


def test_what_is_in_git_is_what_the_contract_gives():
    old = [name for name, text in written().items() if (CLIENT / name).read_text() != text]
    assert old == [], "The contract has changed: run `make sdl`."


def test_it_has_the_version_of_the_server():
    assert json.loads((TARGET.parent / "package.json").read_text())["version"] == version()


def test_all_that_it_names_is_packed(project: Path):
    packed = project / "node_modules" / NAME
    exports = json.loads((packed / "package.json").read_text())["exports"].values()
    files = [path for given in exports for path in (given.values() if isinstance(given, dict) else [given])]
    assert [path for path in files if "*" not in path and not (packed / path).is_file()] == []
    kept = {path.name for path in (TARGET.parent / "operations").iterdir()}
    assert {path.name for path in (packed / "operations").iterdir()} == kept
    assert not (packed / "released.graphql").exists()


def test_the_compiler_takes_what_is_right_and_nothing_else(node: str, project: Path):
    compiler = project / "node_modules" / "typescript" / "bin" / "tsc"
    command = [node, str(compiler), *COMPILE, "usage.ts", *(path.name for path in project.glob("with_*.ts"))]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    lines = done.stdout.splitlines()
    # It has run, and told all that it found by its output: nothing of what keeps it from that looks like no findings.
    assert (done.stderr, done.returncode) == ("", 1 if lines else 0)
    assert [
        line for line in lines if "node_modules" not in line or NAME in line
    ] == []  # others have errors of their own


def declared(operation: str) -> list[str]:
    """What is declared of an operation, on a line each."""
    text = operation_types(SMALL, [operation])
    lines = " ".join(text[text.index("export type A") :].split()).split("export ")
    return [line.strip() for line in lines if line]


def test_types_that_answer_in_the_same_words_are_one_form():
    assert declared("query A { answer { ... on Thing { id parts { kind } } ... on Failure { code } } }") == [
        "type AVariables = Record<string, never>;",
        "type AData = { answer: { id: string; parts: Array<{ kind: Schema.Kind | null; }>; } | { code: string; } | null; };",
        "const A: Operation<AData, AVariables>;",
    ]


def test_who_asks_for_names_of_types_can_tell_them_apart():
    assert declared(
        "query A { answer { is: __typename ... on Thing { others { id } } ... { ... on Failure { code } } } }"
    )[1] == (
        'type AData = { answer: { is: "Thing"; others: Array<Array<{ id: string; } | null>> | null; } | '
        '{ is: "Broken" | "Lost"; code: string; } | null; };'
    )


def test_what_is_asked_for_twice_is_told_once():
    assert declared("query A { answer { ... on Thing { parts { id } } ... on Thing { parts { kind } } } }")[1] == (
        "type AData = { answer: { parts: Array<{ id: string; kind: Schema.Kind | null; }>; } | "
        "Record<string, never> | null; };"
    )


def test_variables_that_have_a_default_or_may_be_null_need_not_be_given():
    operation = "query A($a: Given, $b: Int! = 1, $c: [Kind!]!) { answer(given: $a) { __typename } }"
    assert declared(operation)[0] == (
        "type AVariables = { a?: Schema.Given | null; b?: number; c: Array<Schema.Kind>; };"
    )


def test_an_operation_is_one_line_of_text():
    assert operation_texts(["# Why\nquery A {\n  answer { __typename }\n}"]) == (
        '// Written by `make sdl`.\nexport const A = "query A{answer{__typename}}";\n'
    )


def test_every_kind_of_type_is_declared():
    declared = schema_types(SMALL).split("export ")
    told = {text.split()[1]: " ".join(text.split()) for text in declared[1:]}
    assert told["By"].startswith("type By = { id: string } | { name: string };")
    assert told["Given"].startswith("type Given = { by: By; kinds?: Array<Kind> | null; some?: number; };")
    assert told["Failure"].startswith("type Failure = Broken | Lost;")
    assert told["DateTime"].startswith("type DateTime = string;")
    assert "/** @deprecated Nobody asks. */ when: DateTime | null;" in told["Broken"]
    assert told["Kind"].startswith('type Kind = | "HARD" | "SOFT";')
    assert "/**\n * What kind it is,\n * in a word * /\n */\n" in schema_types(SMALL)
