"""Relay's compiler, unmodified, from npm."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from schema.export import TARGET
from tests.support.npm import installed

_HERE = Path(__file__).parent
_CONFIG = {
    "src": ".",
    "excludes": ["**/node_modules/**"],
    "schema": "schema.graphql",
    "language": "typescript",
    "useImportTypeSyntax": True,
    "eagerEsModules": True,
}
_TAGGED = re.compile(r"graphql`\s*\w+ (\w+).*?`", re.DOTALL)


def compile_relay(node: str, program: Path) -> None:
    """Put in for the tags of the program what the compiler makes of them, as its Babel plugin does."""
    shutil.copy(TARGET, program.parent)
    (program.parent / "relay.config.json").write_text(json.dumps(_CONFIG))
    compiler = str(installed(node, _HERE) / "relay-compiler" / "cli.js")
    done = subprocess.run([node, compiler], cwd=program.parent, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    text = program.read_text()
    made = (f'import {name}Node from "./__generated__/{name}.graphql.ts";\n' for name in _TAGGED.findall(text))
    program.write_text("".join(made) + _TAGGED.sub(r"\1Node", text))
