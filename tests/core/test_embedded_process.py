import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from core.embedded.process import Child, Program, ServerFailed, Stop, run, tail

_SLEEPER = ["/bin/sleep", "600"]
_STUBBORN = ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"]


@pytest.fixture
def program(tmp_path):
    return lambda argv, **options: Program(argv, cwd=tmp_path, log=tmp_path / "log", **options)


@pytest.mark.parametrize("by_pipe", [False, True])
def test_a_child_dies_with_a_parent_that_is_killed(tmp_path, by_pipe):
    if not by_pipe and sys.platform != "linux":
        pytest.skip("only Linux tells by the kernel")
    code = f"""
        import sys, time
        from pathlib import Path
        from core.embedded.process import Child, Program
        child = Child(Program({_SLEEPER!r}, cwd=Path("/"), log=Path({str(tmp_path / "log")!r})), by_pipe={by_pipe})
        print(child.pid, flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    with parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        _, alive = psutil.wait_procs([child], timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("by_pipe", [False, True])
def test_a_child_is_asked_to_stop_and_stops(program, by_pipe):
    child = Child(program(_SLEEPER), by_pipe=by_pipe)
    assert child.returncode is None
    assert child.stop([Stop(signal.SIGTERM, 10)]) == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(program, tmp_path):
    child = Child(program(_STUBBORN))
    while "ready" not in tail(tmp_path / "log"):
        assert child.returncode is None
    assert child.stop([Stop(signal.SIGTERM, 0.2)]) == -signal.SIGKILL


def test_a_child_is_in_a_session_of_its_own(program, tmp_path):
    child = Child(program(["/bin/sh", "-c", "ps -o sid= -p $$"]))
    assert child.wait() == 0
    assert int(tail(tmp_path / "log")) == child.pid


def test_a_child_sees_only_the_environment_it_is_given(program, tmp_path, monkeypatch):
    monkeypatch.setenv("TOCSIN_SECRET", "shown")
    Child(program(["/usr/bin/env"])).wait()
    assert "TOCSIN_SECRET" not in tail(tmp_path / "log")


def test_a_child_reads_its_input(program, tmp_path):
    Child(program(["/bin/cat"], input=b"hello")).wait()
    assert tail(tmp_path / "log") == "hello"


def test_input_for_a_program_that_ended_at_once_is_no_error(program):
    assert Child(program(["/bin/false"], input=b"x" * 2**20)).wait() == 1


def test_a_run_that_fails_says_what_it_printed(program):
    with pytest.raises(ServerFailed, match="Making tea failed: no water"):
        run("Making tea", program(["/bin/sh", "-c", "echo no water; exit 3"]))


def test_the_tail_of_a_log_starts_after_the_offset(tmp_path):
    log = tmp_path / "log"
    log.write_text("before\nafter\n")
    assert tail(log, len("before\n")) == "after"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_leaves_nothing_running_that_it_started(tmp_path, number):
    script = "(trap '' INT TERM HUP; while :; do echo on >> written; sleep 0.01; done) & wait"
    code = f"""
        import signal
        from pathlib import Path
        from core.embedded.process import Program, run
        for number in (signal.SIGTERM, signal.SIGINT):  # a shell's background job would ignore the second
            signal.signal(number, signal.default_int_handler)
        run("Writing", Program(["/bin/sh", "-c", {script!r}], cwd=Path({str(tmp_path)!r}), log=Path("/dev/null")))
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stderr=subprocess.PIPE, text=True)
    written = tmp_path / "written"
    with parent:
        while not written.exists():
            assert parent.poll() is None
        parent.send_signal(number)
        assert "KeyboardInterrupt" in parent.stderr.read()
    written.unlink()
    time.sleep(0.1)
    assert not written.exists()
