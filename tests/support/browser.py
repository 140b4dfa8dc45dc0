"""A real browser: Chromium without a window, out of a package of npm that brings it with the libraries it needs."""

import asyncio
import io
import os
import platform
import shutil
import signal
import sys
import tarfile
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import brotli
import pytest

from tests.support.npm import installed, keep

_LOCKED = Path(__file__).parent / "chromium"
_PROGRAM, _LIBRARIES = "chromium.br", "al2023.tar.br"
_INSTALLED = ("chromium", "chromium-browser", "google-chrome")
_MODE = 0o755
# Nothing of a desktop, of an account, of what it would fetch or send by itself.
_OPTIONS = (
    "--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-software-rasterizer", "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--no-proxy-server", "--enable-logging=stderr",
)  # fmt: skip


@dataclass(frozen=True)
class Browser:
    """The program, and where the libraries are that came with it."""

    program: str
    libraries: str = ""

    @asynccontextmanager
    async def at(self, url: str, *options: str) -> AsyncIterator[Path]:
        """Have the page open within the block, in a new empty profile; what it prints is in the file."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            printed = Path(home, "printed")
            with printed.open("wb") as output:
                process = await asyncio.create_subprocess_exec(
                    self.program, *_OPTIONS, *options, f"--user-data-dir={home}/profile", url,
                    env={"HOME": home, "TMPDIR": home, "LD_LIBRARY_PATH": self.libraries},
                    stdout=output, stderr=output, start_new_session=True,
                )  # fmt: skip
            try:
                yield printed
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with all that it started
                await process.wait()


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Browser:
    """The browser of the package, which is for Linux on x86-64; elsewhere, one that the machine has."""
    if sys.platform == "linux" and platform.machine() == "x86_64":
        kept = _unpacked(request.getfixturevalue("node"))
        return Browser(str(kept / "chromium"), str(kept / "lib"))
    found = next(filter(None, map(shutil.which, _INSTALLED)), None)
    if found is None:
        pytest.skip("There is no Chromium in the registry for this platform, and none is installed.")
    return Browser(found)


@contextmanager
def pages(directory: Path) -> Iterator[str]:
    """The files of the directory by HTTP on loopback within the block: the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(directory))) as server:
        serving = Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


def _unpacked(node: str) -> Path:
    """The folder of the program and its libraries, unpacked where they are not."""
    packed = installed(node, _LOCKED) / "@sparticuz" / "chromium" / "bin"
    kept = packed.parent / "unpacked"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=packed.parent) as made:
            program = Path(made, "chromium")
            program.write_bytes(brotli.decompress((packed / _PROGRAM).read_bytes()))
            program.chmod(_MODE)
            _unpack_libraries(brotli.decompress((packed / _LIBRARIES).read_bytes()), Path(made))
            keep(Path(made), kept)
    return kept


def _unpack_libraries(packed: bytes, directory: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed)) as libraries:
        for member in libraries:
            if (content := libraries.extractfile(member)) is not None:
                Path(directory, member.name).parent.mkdir(exist_ok=True)
                Path(directory, member.name).write_bytes(content.read())
