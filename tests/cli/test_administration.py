import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from cli.part import environment_with
from core.settings import ROOT
from domain.access import ActorKind, Role, Scope
from domain.timetable import RunStatus, ScheduledJob
from models import ScheduledRun
from resolvers.access import authenticate
from resolvers.dead_letter_rows import bury, unread
from resolvers.project.listing import list_projects
from resolvers.resources import Resources
from resolvers.timetable.run import run_job
from tests.support.actors import acting
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.jobs import Chore
from tests.support.prepared import call
from tests.support.rows import only_row


@dataclass
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def tocsin(database_url: str, redis_url: str):
    """Runs the command on the test's database."""
    ours = {
        "TOCSIN_DATABASE_URL": database_url,
        "TOCSIN_REDIS_URL": redis_url,
        "TOCSIN_OWNER_EMAIL": "root@example.com",
    }

    async def run(*arguments: str, as_a_person: bool = False) -> Ended:
        """To its end; unless it is as a person does, forked from a process that has imported all."""
        environment = environment_with(ours)
        if not as_a_person:
            done = await asyncio.to_thread(call, arguments, environment)
            return Ended(done.returncode, done.stdout.strip(), done.stderr.strip())
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", *arguments,
            cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return Ended(process.returncode or 0, out.decode().strip(), err.decode().strip())

    return run


async def test_a_project_is_made_with_a_key_that_works(res: Resources, tocsin):
    made = await tocsin("project", "create", "shop", "--name", "The shop", as_a_person=True)
    assert (made.code, made.err) == (0, "")
    actor = await authenticate(res, made.out)
    root = acting(await make_developer(res, role=Role.OWNER))
    (project,) = await list_projects(res, root)
    assert (project.slug, project.name, actor.project_ids) == ("shop", "The shop", {project.id})
    assert {entry.actor_kind for entry in await audit_trail(res)} == {ActorKind.SYSTEM}
    again = await tocsin("project", "create", "shop")
    assert (again.code, again.out, again.err) == (1, "", "Another project has this slug.")


async def test_a_key_is_made_for_a_project(res: Resources, tocsin):
    project = await make_project(res, slug="shop")
    made = await tocsin("key", "create", "shop", "--name", "web", as_a_person=True)
    actor = await authenticate(res, made.out)
    assert (actor.kind, actor.name, actor.project_ids) == (ActorKind.INGEST_KEY, "web", {project.id})
    wrong = await tocsin("key", "create", "nowhere")
    assert (wrong.code, wrong.err) == (1, "There is no project nowhere.")


async def test_a_token_is_made_for_the_first_owner_unless_told_otherwise(res: Resources, tocsin):
    root = await make_developer(res, role=Role.OWNER, email="Root@example.com")
    ann, project = await make_developer(res, email="ann@example.com"), await make_project(res, slug="shop")
    made = await tocsin("token", "create", "ci", as_a_person=True)
    actor = await authenticate(res, made.out)
    assert (actor.developer_id, actor.scopes, actor.name) == (root.id, {Scope.READ}, "ci")
    made = await tocsin(
        "token", "create", "bot", "--owner", ann.email, "--scope", "READ", "--scope", "TRIAGE", "--project", "shop", "--days", "7"
    )  # fmt: skip
    entry = (await audit_trail(res))[-1]
    assert entry.after["scopes"] == ["READ", "TRIAGE"]
    assert entry.after["projectIds"] == [str(project.id)]
    assert entry.after["ownerId"] == str(ann.id)
    lives = datetime.fromisoformat(entry.after["expiresAt"]) - entry.at
    assert timedelta(days=7) - timedelta(minutes=1) < lives <= timedelta(days=7)


async def test_what_cannot_be_done_is_said_in_a_line(res: Resources, tocsin):
    await make_developer(res, role=Role.VIEWER, email="viewer@example.com")
    for arguments, said in (
        ((), "There is no developer with the mail address root@example.com."),
        (("--owner", "viewer@example.com", "--scope", "ADMIN"), "does not allow"),
    ):
        ended = await tocsin("token", "create", "ci", *arguments)
        assert (ended.code, ended.out) == (1, "")
        assert said in ended.err
        assert "Traceback" not in ended.err


async def test_dead_letters_are_listed_tried_again_and_dropped(res: Resources, tocsin):
    assert (await tocsin("dead-letters", "list")).out == ""
    letter = unread(b"no event", "It cannot be read.")
    await bury(res.db, [letter], res.clock.now())
    listed = await tocsin("dead-letters", "list")
    assert listed.out.startswith(str(letter.id)), listed
    assert (await tocsin("dead-letters", "drop")).code != 0
    again = await tocsin("dead-letters", "retry", str(letter.id), as_a_person=True)
    assert "It cannot be read" in again.out, again
    assert (await tocsin("dead-letters", "drop", "--all")).out == "1 dropped"
    assert (await tocsin("dead-letters", "list")).out == ""


async def test_a_scheduled_job_is_done_by_hand_and_on_record(res: Resources, tocsin):
    done = await tocsin("run", "prune_runs", as_a_person=True)
    assert (done.code, done.err, done.out.split()[:2]) == (0, "", ["prune_runs", "OK"])
    assert done.out.split()[-3:] == ["runs=0", "firings=0", "summaries=0"]
    run = await only_row(res, ScheduledRun)
    assert (run.job, run.due_at, run.status) == ("prune_runs", None, RunStatus.OK)
    listed = (await tocsin("run")).out.splitlines()
    assert len(listed) == 1 + len(ScheduledJob)
    (line,) = [line for line in listed if line.startswith("prune_runs")]
    assert f"{run.started_at:%Y-%m-%d %H:%M}  OK runs=0" in line
    wrong = await tocsin("run", "prune_run")
    assert (wrong.code, wrong.err) == (1, "`job` names 'prune_run', which is no job: did you mean prune_runs?")


async def test_a_job_that_another_process_does_is_not_done_by_hand(res: Resources, tocsin):
    chore = Chore()
    chore.gate.clear()
    running = asyncio.create_task(run_job(res, ScheduledJob.PRUNE_RUNS, chore))
    await chore.begun.wait()
    refused = await tocsin("run", "prune_runs")
    chore.gate.set()
    await running
    assert (refused.code, refused.err) == (1, "Another process does prune_runs at this moment.")
