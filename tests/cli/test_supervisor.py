from pathlib import Path

import pytest

from cli.supervisor import Supervisor, how_it_ended, pause_s
from core.embedded.process import ServerFailed


class Drill:
    """A part that ends, and fails to start, when it is told to."""

    log = Path("drill.log")

    def __init__(self, name="drill", journal=None):
        self.name = name
        self.journal = journal if journal is not None else []
        self.returncode = None
        self.fails = False

    def start(self):
        self.journal.append(f"start {self.name}")
        if self.fails:
            raise ServerFailed("no room\nmore about it")
        self.returncode = None

    def stop(self):
        self.journal.append(f"stop {self.name}")


class Story:
    """A supervisor, what it said, and its time."""

    def __init__(self):
        self.said = []
        self.time = 0.0
        self.supervisor = Supervisor(self.said.append, lambda: self.time)

    def look_at(self, time):
        self.time = time
        self.supervisor.look()


@pytest.fixture
def story():
    return Story()


def test_a_part_that_crashed_is_said_and_started_again_after_a_pause(story):
    part = Drill()
    story.supervisor.start(part)
    part.returncode = -9
    story.look_at(1.0)
    story.look_at(1.4)
    assert part.journal == ["start drill"]
    story.look_at(1.5)
    assert part.journal == ["start drill", "start drill"]
    assert story.said == [
        "drill was ended by SIGKILL; it starts again in 0.5 s. Its log: drill.log",
        "drill runs again.",
    ]


def test_a_part_that_runs_is_left_alone(story):
    part = Drill()
    story.supervisor.start(part)
    for time in range(5):
        story.look_at(time)
    assert part.journal == ["start drill"]
    assert story.said == []


def test_pauses_grow_while_it_goes_on_crashing_and_shrink_after_a_good_run(story):
    part = Drill()
    story.supervisor.start(part)
    part.returncode = 1
    story.look_at(1.0)
    story.look_at(1.5)
    part.returncode = 1
    story.look_at(2.0)
    story.look_at(3.0)
    part.returncode = 1
    story.look_at(100.0)
    assert [line.split("again in ")[1].split(".")[0] for line in story.said if "again in" in line] == ["0", "1 s", "0"]


def test_a_start_that_fails_is_tried_again(story):
    part = Drill()
    story.supervisor.start(part)
    part.returncode, part.fails = 1, True
    story.look_at(1.0)
    story.look_at(1.5)
    assert story.said[-1] == "drill did not start (no room); it starts again in 1 s. Its log: drill.log"
    part.fails = False
    story.look_at(2.5)
    assert story.said[-1] == "drill runs again."


def test_parts_stop_in_the_order_opposite_to_their_start(story):
    journal = []
    for name in ("database", "worker", "api"):
        story.supervisor.start(Drill(name, journal))
    story.supervisor.stop()
    assert journal[3:] == ["stop api", "stop worker", "stop database"]


def test_a_part_whose_first_start_failed_is_stopped_too(story):
    part = Drill()
    part.fails = True
    with pytest.raises(ServerFailed):
        story.supervisor.start(part)
    story.supervisor.stop()
    assert part.journal == ["start drill", "stop drill"]


@pytest.mark.parametrize(("crashes", "pause"), [(1, 0.5), (2, 1), (3, 2), (7, 30), (10_000, 30)])
def test_a_pause_has_a_bound(crashes, pause):
    assert pause_s(crashes) == pause


@pytest.mark.parametrize(("code", "words"), [(-15, "was ended by SIGTERM"), (3, "ended with code 3")])
def test_how_a_process_ended_is_said_in_words(code, words):
    assert how_it_ended(code) == words
