"""Runs the programs, in the places, releases and runtimes that vary, and writes what they printed to events/.

`python tests/corpus/capture.py [LANGUAGE ...]`, as root on Linux, with node, java, php, ruby, go and mono installed.
Everything happens in a mount namespace of its own, so /srv, /opt, /home and /usr/src of the machine stay as they are.
The tests do not need it: they read what was written.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAMS, EVENTS = HERE / "programs", HERE / "events"
WORK = Path(os.environ.get("CORPUS_WORK", "/var/tmp/tocsin-corpus"))
PYTHONS = [Path(path) for path in os.environ.get("CORPUS_PYTHONS", sys.base_prefix).split(":")]
JAVAS = os.environ.get("CORPUS_JAVAS", "java").split(":")
NODES = os.environ.get("CORPUS_NODES", "node").split(":")
BREAK = "\x1e"
Event = dict[str, Any]
RUNS = 6  # of each bug
LIBRARIES = {
    "python": (
        ["flask==2.2.5", "werkzeug==2.2.3", "sentry-sdk==1.45.1", "blinker==1.7.0"],
        ["flask==3.1.3", "werkzeug==3.1.3", "sentry-sdk==2.20.0"],
    ),
    "node": (["express@4.21.2", "@sentry/node@8.55.0"], ["express@5.1.0", "@sentry/node@9.47.1"]),
    "browser": (["esbuild@0.25.12"],),
}
# One bug that is reached in two ways: which runs go which way. One comes seldom, as it is in life.
SAME = {
    "tax-by-cart-page": ("tax-without-rate", range(RUNS - 1)),
    "tax-by-invoice-page": ("tax-without-rate", [RUNS - 1]),
}
# Two bugs in one function, and two in functions that a minifier took the names of.
SELDOM = ("weight-missing", "size-missing", "customer-lost", "owner-lost")


@dataclass(frozen=True)
class Deployment:
    """Where a release of a program lies."""

    root: Path
    release: str
    edit: int  # 0: as it is, 1: comments move all lines, 2: also with new code
    environment: str = "production"

    @property
    def fields(self) -> dict[str, str]:
        return {"release": f"shop@{self.release}", "environment": self.environment}


DEPLOYMENTS = [
    Deployment(Path("/srv/shop"), "1.4.0", 0),
    Deployment(Path("/opt/shop/releases/20261104091500"), "1.4.1", 1),
    Deployment(Path("/usr/src/app"), "1.5.0", 2),
    Deployment(Path("/home/app/shop"), "1.5.0", 2, "staging"),
]


def edited(text: str, edit: int, comment: str) -> str:
    """The source of a later release."""
    first, rest = text.split("\n", 1)
    if edit == 0:
        return text
    moved = f"{comment} A line more.\n" * 5
    return f"{first}\n{moved}{rest.replace(f'{comment} @2 ', '') if edit == 2 else rest}"


def deploy(language: str, deployment: Deployment) -> None:
    """Leave the program in its place, as that release has it."""
    shutil.rmtree(deployment.root, ignore_errors=True)
    shutil.copytree(PROGRAMS / language, deployment.root)
    for path in deployment.root.rglob("*"):
        if path.suffix in (".py", ".rb", ".js", ".java", ".php", ".go", ".cs"):
            comment = "#" if path.suffix in (".py", ".rb") else "//"
            path.write_text(edited(path.read_text(), deployment.edit, comment))


def printed(command: list[str], root: Path, **variables: str) -> str:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/home/app", **variables}
    return subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True, text=True).stdout


def as_input(language: str, deployment: Deployment, text: str) -> Event:
    """The fields of LogErrorInput that a reporter would send."""
    kind, message, trace = text.split(BREAK, 2)
    fields = {"service": f"shop-{language}", "errorType": kind, "message": message, "severity": "HIGH"}
    return {"fields": fields | deployment.fields | ({"stackTrace": trace} if trace else {})}


def bugs(path: str, begin: str) -> list[str]:
    """The names of the bugs that a program knows, each behind that beginning."""
    names = re.findall(rf"{begin}([a-z]+(?:-[a-z0-9]+)+)['\"]", (PROGRAMS / path).read_text())
    return list(dict.fromkeys(names))


def runs(names: list[str], number: int) -> Iterator[tuple[str, str]]:
    """The bugs of that run, and the issue that each is."""
    for name in names:
        issue, numbers = SAME.get(name, (name, range(2 if name in SELDOM else RUNS)))
        if number in numbers:
            yield name, issue


def captured(language: str, names: list[str], command: Callable[[Deployment, int], list[str]]) -> Iterator[Event]:
    """The events of a program: in each run it is deployed elsewhere, in another release or on another runtime."""
    program = language.removeprefix("sentry-")
    for number in range(RUNS):
        deployment = DEPLOYMENTS[number % 4]
        deploy(program, deployment)
        prefix = command(deployment, number)
        for bug, issue in runs(names, number):
            text = printed([*prefix, bug, str(number), deployment.release], deployment.root)
            if language.startswith("sentry-"):
                yield {"issue": f"{language}/{issue}", "service": f"shop-{language}", "sentry": slim(json.loads(text))}
            else:
                yield {"issue": f"{language}/{issue}", **as_input(language, deployment, text)}


def slim(sent: Event) -> Event:
    """Without what no rule reads and takes much space: installed packages, contexts, the code around."""
    for name in ("modules", "contexts", "breadcrumbs", "extra", "_meta", "debug_meta"):
        sent.pop(name, None)
    for exception in sent["exception"]["values"]:
        for frame in exception.get("stacktrace", {}).get("frames", []):
            for name in ("vars", "pre_context", "post_context"):
                frame.pop(name, None)
    return sent


def on_python(deployment: Deployment, version: Path, library: int | None = None) -> list[str]:
    """How to call that Python as if it were the machine's own in /usr/local, with libraries beside the program."""
    inside = f'mount --bind {version} /usr/local && exec "$@"'
    prefix = ["unshare", "--mount", "sh", "-c", inside, "sh"]
    if library is not None:
        minor = version.name.rpartition(".")[0]
        packages = deployment.root / ".venv" / "lib" / f"python{minor}" / "site-packages"
        shutil.copytree(WORK / f"python{library}", packages)
        prefix += ["env", f"PYTHONPATH={packages}"]
    return [*prefix, "/usr/local/bin/python3"]


def python() -> Iterator[Event]:
    def plain(deployment: Deployment, number: int) -> list[str]:
        return [*on_python(deployment, PYTHONS[number % len(PYTHONS)]), "main.py"]

    def web(deployment: Deployment, number: int) -> list[str]:
        return [*on_python(deployment, PYTHONS[number % 2], number // 2 % 2), "web.py"]

    yield from captured("python", bugs("python/main.py", 'bug == "'), plain)
    yield from captured("python", bugs("python/web.py", '"'), web)


def sentry_python() -> Iterator[Event]:
    names = ["discount-of-empty-cart", "unknown-coupon", "price-is-no-number", "stock-negative", "gateway-times-out"]
    names += ["report-divides-by-zero", "feed-is-no-json", "category-cycle", *bugs("python/web.py", '"')]
    return captured(
        "sentry-python",
        names,
        lambda deployment, number: [*on_python(deployment, PYTHONS[number % 2], number // 2 % 2), "sentry.py"],
    )


def on_node(program: str) -> Callable[[Deployment, int], list[str]]:
    def command(deployment: Deployment, number: int) -> list[str]:
        shutil.copytree(
            WORK / f"node{number // 2 % 2}" / "node_modules", deployment.root / "node_modules", symlinks=True
        )
        return [NODES[number % len(NODES)], program]

    return command


def node() -> Iterator[Event]:
    yield from captured("node", bugs("node/main.js", "'"), on_node("main.js"))
    yield from captured("node", bugs("node/web.js", "'"), on_node("web.js"))


def sentry_node() -> Iterator[Event]:
    names = ["cart-without-lines", "coupon-unknown", "price-is-no-number", "gateway-times-out", "feed-is-no-json"]
    names += ["listener-fails", "timer-callback", "rule-by-eval", *bugs("node/web.js", "'")]
    return captured("sentry-node", names, on_node("sentry.js"))


def browser() -> Iterator[Event]:
    """Each run has a bundle of its own: minified by esbuild, named by its hash, on this or another host."""

    def command(deployment: Deployment, number: int) -> list[str]:
        bundle = deployment.root / "bundle.js"
        esbuild = str(WORK / "browser0" / "node_modules" / ".bin" / "esbuild")
        options = ["--bundle", "--minify", f'--define:VERSION="{deployment.release}-{number}"', f"--outfile={bundle}"]
        printed([esbuild, "main.js", *options], deployment.root)
        digest = base64.urlsafe_b64encode(hashlib.sha256(bundle.read_bytes()).digest())[:8].decode()
        host = "staging.example.net" if deployment.environment == "staging" else "shop.example.com"
        return [NODES[0], "page.cjs", str(bundle), f"https://{host}/assets/index-{digest}.js"]

    return captured("browser", bugs("browser/main.js", "'"), command)


def java() -> Iterator[Event]:
    def command(deployment: Deployment, number: int) -> list[str]:
        printed(["javac", "-d", "classes", *map(str, deployment.root.glob("*.java"))], deployment.root)
        return [JAVAS[number % len(JAVAS)], "-cp", "classes", "com.acme.shop.Main"]

    return captured("java", bugs("java/Main.java", 'case "'), command)


def php() -> Iterator[Event]:
    names = bugs("php/main.php", "        '")
    return captured("php", names, lambda deployment, _number: ["php", str(deployment.root / "main.php")])


def ruby() -> Iterator[Event]:
    names = bugs("ruby/main.rb", "when '")
    return captured("ruby", names, lambda deployment, _number: ["ruby", str(deployment.root / "main.rb")])


def go() -> Iterator[Event]:
    def command(deployment: Deployment, number: int) -> list[str]:
        options = {4: ["-trimpath"], 5: ["-gcflags=-l"]}.get(number, [])
        printed(["go", "build", *options, "-o", "shop", "."], deployment.root, GOCACHE=str(WORK / "go"))
        return ["./shop"]

    return captured("go", bugs("go/main.go", 'case "'), command)


def csharp() -> Iterator[Event]:
    def command(deployment: Deployment, number: int) -> list[str]:
        printed(["mcs", "-debug", "-out:shop.exe", str(deployment.root / "Shop.cs")], deployment.root)
        return ["mono", *(["--debug"] if number % 3 else []), "shop.exe"]

    return captured("csharp", bugs("csharp/Shop.cs", 'case "'), command)


def logs() -> Iterator[Event]:
    names = bugs("logs/main.py", '    "')
    return captured(
        "logs", names, lambda deployment, number: [*on_python(deployment, PYTHONS[number % len(PYTHONS)]), "main.py"]
    )


CAPTURES = [python, sentry_python, node, sentry_node, browser, java, php, ruby, go, csharp, logs]


def install() -> None:
    """Leave the libraries, each in two versions, in the work directory."""
    for language, versions in LIBRARIES.items():
        for number, packages in enumerate(versions):
            target = WORK / f"{language}{number}"
            if target.exists():
                continue
            target.mkdir(parents=True)
            if language == "python":
                subprocess.run(
                    [sys.executable, "-m", "pip", "install", "-q", "--target", target, *packages], check=True
                )
            else:
                (target / "package.json").write_text("{}")
                subprocess.run(["npm", "install", "--silent", "--no-audit", *packages], cwd=target, check=True)


def main() -> None:
    """Capture the languages that were asked for, or all."""
    if "CORPUS_INSIDE" not in os.environ:
        install()
        places = " && ".join(f"mount -t tmpfs none {place}" for place in ("/srv", "/opt", "/home", "/usr/src"))
        os.environ["CORPUS_INSIDE"] = "yes"
        inside = f'{places} && exec "$@"'
        os.execvp("unshare", ["unshare", "--mount", "sh", "-c", inside, "sh", sys.executable, __file__, *sys.argv[1:]])
    EVENTS.mkdir(exist_ok=True)
    for capture in CAPTURES:
        if not sys.argv[1:] or capture.__name__ in sys.argv[1:]:
            events = sorted(capture(), key=lambda event: event["issue"])
            lines = [json.dumps(event, ensure_ascii=False) + "\n" for event in events]
            (EVENTS / f"{capture.__name__.replace('_', '-')}.jsonl").write_text("".join(lines))
            print(capture.__name__, len(lines), flush=True)


main()
