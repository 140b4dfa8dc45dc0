"""A whole Tocsin, started as a person starts it: `tocsin up` in a process of its own."""

import json
import os
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import psutil

from core.settings import ROOT
from tests.support.prepared import call

_LAUNCHER = ROOT / "bin" / "tocsin"
_STARTED = "Ctrl-C stops it"
_START_S = 50.0


def tocsin(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as a person does. Settings are named as in `Settings`."""
    return subprocess.run(
        [_LAUNCHER, *arguments],
        cwd="/",
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=_START_S,
        check=False,
    )


def again(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """The same for a command that another test, or an earlier line, runs as a person does: at a tenth of the cost."""
    return call(arguments, _environment(settings))


class Up:
    """A running `tocsin up`, and the lines that it prints."""

    def __init__(self, data_dir: Path, **settings: object) -> None:
        self.data_dir = data_dir
        self.settings = {"port": 0, **settings, "data_dir": data_dir}
        self.lines: list[str] = []
        self._new: Queue[str | None] = Queue()
        self.process = subprocess.Popen(
            [_LAUNCHER, "up"],
            cwd="/",
            env=_environment(self.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_started(self) -> None:
        """Return once it has said that it runs."""
        self.wait_for(_STARTED)

    def wait_for(self, words: str) -> str:
        """Return the next line that holds the words."""
        try:
            while (line := self._new.get(timeout=_START_S)) is not None:
                if words in line:
                    return line
        except Empty:
            pass
        raise AssertionError(f"It never said {words!r}, but:\n{''.join(self.lines)}")

    def credentials(self) -> dict[str, Any]:
        """Return what `tocsin credentials --json` prints."""
        done = again("credentials", "--json", **self.settings)
        assert done.returncode == 0, done.stderr
        credentials: dict[str, Any] = json.loads(done.stdout)
        return credentials

    def parts(self) -> dict[str, psutil.Process]:
        """Return its children by name: api, worker, postgres, valkey-server."""
        return {_name(child): child for child in psutil.Process(self.process.pid).children()}

    def end(self, signal: int) -> int:
        """Send the signal; return how it ended, once it and what it printed are at their end."""
        if self.process.poll() is None:
            self.process.send_signal(signal)
        code = self.process.wait(_START_S)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self._new.put(line)
        self._new.put(None)


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    return words[words.index("cli") + 1] if "cli" in words else process.name()


def _environment(settings: dict[str, object]) -> dict[str, str]:
    named = {f"TOCSIN_{name}".upper(): str(value) for name, value in settings.items()}
    return {"PATH": os.defpath, **named}
