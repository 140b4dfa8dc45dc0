"""What a confined process can still do, tried in one."""

import json
import subprocess
import sys
import textwrap

import pytest

from core.settings import ROOT

# What is tried, by name, and whether it can be done; `port` is where somebody listens, `tmp` is a directory of ours.
TRIES = {
    "read a file": ("open(tmp + '/secret').read()", False),
    "read it by another way": ("os.open(tmp + '/secret', os.O_RDONLY)", False),
    "read it by a path that begins well": (
        "open(os.__file__ + '/../../../../../../../../..' + tmp + '/secret')",
        False,
    ),
    "write a file": ("open(tmp + '/new', 'w')", False),
    "write beside the code": ("open(os.__file__ + '.new', 'w')", False),
    "list a directory": ("os.listdir(tmp)", False),
    "list where it stands": ("os.listdir()", False),
    "remove a file": ("os.remove(tmp + '/secret')", False),
    "make a file for a while": ("tempfile.mkstemp(dir=tmp)", False),
    "start a program": ("subprocess.run(['true'])", False),
    "start a shell": ("os.system('true')", False),
    "fork": ("os.fork()", False),
    "load machine code": ("ctypes.CDLL(None)", False),
    "connect": ("socket.create_connection(('127.0.0.1', port))", False),
    "connect without a name": ("socket.socket().connect(('127.0.0.1', port))", False),
    "connect to a file": ("socket.socket(socket.AF_UNIX).connect(tmp + '/secret')", False),
    "send a datagram": ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))", False),
    "listen": ("socket.socket().bind(('127.0.0.1', 0))", False),
    "look a name up": ("socket.getaddrinfo('localhost', 1)", False),
    "ask by HTTP": ("urllib.request.urlopen(f'http://127.0.0.1:{port}/')", False),
    "send a mail": ("smtplib.SMTP('127.0.0.1', port)", False),
    "log to the system": ("syslog.syslog('x')", False),
    "read code": ("open(os.__file__).read()", True),
    "import what was not there": ("__import__('colorsys')", True),
    "know its name": ("socket.gethostname()", True),
    "connect through the door": ("through_the_door()", True),
}
PROGRAM = """
    import ctypes, json, os, smtplib, socket, subprocess, sys, syslog, tempfile, urllib.request
    from core.confinement import Confined, confine
    tries, tmp = json.loads(sys.argv[1]), sys.argv[2]
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    def through_the_door():
        with confinement.door():
            socket.create_connection(("127.0.0.1", port)).close()
    confinement = confine()
    done = {}
    for name, code in tries.items():
        try:
            eval(code)
            done[name] = True
        except Exception as error:
            while error is not None and not isinstance(error, Confined):
                error = error.__context__
            done[name] = not isinstance(error, Confined)
    print(json.dumps(done))
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    tmp = tmp_path_factory.mktemp("confined")
    (tmp / "secret").write_text("secret")
    tries = json.dumps({name: code for name, (code, _) in TRIES.items()})
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(PROGRAM), tries, str(tmp)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [path.name for path in tmp.iterdir()] == ["secret"]
    return json.loads(told.stdout)


@pytest.mark.parametrize("name", TRIES)
def test_a_confined_process_has_its_code_and_one_door(done: dict[str, bool], name: str):
    assert done[name] is TRIES[name][1]
