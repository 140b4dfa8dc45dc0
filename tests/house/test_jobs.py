"""Every wake-up has somebody who hears it, and everything by the timetable is known."""

import ast
from collections.abc import Iterator

from domain.messages import Job
from tasks.registry import HANDLERS, timetable
from tests.support.source import modules


def test_every_job_has_a_handler():
    assert set(HANDLERS) == set(Job)


def test_every_job_is_sent_by_somebody():
    assert set(_sent()) == {job.name for job in Job}


def test_a_name_of_the_timetable_is_given_once_and_is_no_job():
    names = [job.name for job in timetable(None)]
    assert len(set(names)) == len(names)
    assert set(names) & {job.value for job in Job} == set()


def _sent() -> Iterator[str]:
    """The jobs that the code wakes somebody for."""
    for module in modules("resolvers", "tasks", "api"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "wake":
                yield from (argument.attr for argument in node.args if isinstance(argument, ast.Attribute))
