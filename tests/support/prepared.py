"""Processes of our commands that begin with all imported: to import it takes two seconds of a core each time.

This is the program that they are forked from, and how one is ordered of it. What `tocsin up` starts begins as it does for
a person, and so does each command in one test of its own.
"""

import array
import atexit
import fcntl
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache

from core.settings import ROOT

PREPARED = {"api", "worker"}
_ORDER_BYTES, _MOST_FDS = 65_536, 16
# Above all that were passed to us, so that each can be put where its process looks for it.
_OUT_OF_THE_WAY = 600


def call(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Have the command run to its end, and say what came of it."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with os.fdopen(order(words, environment, out=out.fileno(), err=err.fileno())) as fate:
            fate.readline()
            code = int(fate.read())
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(words, code, out.read(), err.read())


def order(
    words: Sequence[str], environment: Mapping[str, str], *, out: int, err: int, pass_fds: Sequence[int] = ()
) -> int:
    """Have the command begin, with its output there: where a line with its id and one with its end are read."""
    fate, fate_end = os.pipe()
    text = json.dumps({"words": words, "environment": dict(environment), "pass_fds": pass_fds}).encode()
    fds = array.array("i", [fate_end, out, err, *pass_fds])
    _parent().sendmsg([text], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
    os.close(fate_end)
    return fate


@cache
def _parent() -> socket.socket:
    """Where orders go: to a process that ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(its.fileno())],
        cwd="/",
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(its.fileno(),),
    )
    its.close()

    def stop() -> None:
        ours.close()
        process.wait()

    atexit.register(stop)
    return ours


def _run() -> None:
    gc.disable()
    import cli.api
    import cli.worker  # noqa: F401 - with the other it imports all that there is
    from cli.__main__ import main

    gc.freeze()
    gc.enable()
    _wait_for_order(socket.socket(fileno=int(sys.argv[1])))
    main()


def _wait_for_order(orders: socket.socket) -> None:
    """Return in the process that has become what was ordered; in this one, never."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        text, fds, _, _ = socket.recv_fds(orders, _ORDER_BYTES, _MOST_FDS)
        if not text:
            sys.exit()
        keeper = os.fork()
        if not keeper:
            orders.close()
            if _is_child(fds[0]):
                _become(fds, **json.loads(text))
                return
        for fd in fds:
            os.close(fd)
        _reap()


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _is_child(fate: int) -> bool:
    """Fork once more; who began it waits, says how it ended, and ends."""
    child = os.fork()
    if not child:
        return True
    os.closerange(0, fate)
    os.closerange(fate + 1, _OUT_OF_THE_WAY)
    os.write(fate, f"{child}\n".encode())
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(fate, f"{status}\n".encode())
    os._exit(0)


def _become(fds: Sequence[int], words: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _, out, err, *passed = (fcntl.fcntl(fd, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for fd in fds)
    os.closerange(3, _OUT_OF_THE_WAY)
    for fd, number in ((out, 1), (err, 2), *zip(passed, pass_fds, strict=True)):
        os.dup2(fd, number)
    os.closerange(_OUT_OF_THE_WAY, _OUT_OF_THE_WAY + _MOST_FDS)
    for name in os.environ.keys() - environment.keys():  # noqa: TID251 - made, not read
        del os.environ[name]  # noqa: TID251
    os.environ.update(environment)  # noqa: TID251
    sys.argv = ["tocsin", *words]


if __name__ == "__main__":
    _run()
