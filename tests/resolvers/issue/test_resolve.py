from datetime import timedelta

import pytest

from domain.alert import AlertStatus
from domain.errors import Conflict, InvalidInput
from domain.issue import ActivityKind, IssueStatus, Resolution
from models import Activity, Alert, Issue, Project, Release
from resolvers.issue.resolve import reopen_issue, resolve_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.project import make_project
from tests.support.rows import only_row
from tests.support.triage import make_scene
from tests.support.writing import log


async def see_releases(res: Resources, project: Project, *versions: str) -> None:
    """The project saw these, one a day."""
    async with res.db.transaction() as tx:
        for day, version in enumerate(versions):
            seen = res.clock.now() + timedelta(days=day)
            tx.session.add(Release(project_id=project.id, version=version, first_seen_at=seen))


async def test_it_is_resolved_with_its_alert(res: Resources):
    scene = await make_scene(res, is_regression=True)
    await make_alert(res, scene.issue)
    issue = await resolve_issue(
        res, scene.actor, issue_id=scene.issue.id, resolution=Resolution.WONT_FIX, note=" Known. "
    )
    assert (issue.status, issue.resolution, issue.resolution_note) == (
        IssueStatus.RESOLVED,
        Resolution.WONT_FIX,
        "Known.",
    )
    assert (issue.resolved_at, issue.resolved_by_id) == (res.clock.now(), scene.ann.id)
    assert (issue.resolved_in_release, issue.resolved_after_release, issue.is_regression) == (None, None, False)
    alert = await only_row(res, Alert)
    assert (alert.status, alert.resolved_at) == (AlertStatus.RESOLVED, res.clock.now())
    step = await only_row(res, Activity)
    assert (step.note, step.details) == (
        "Known.",
        {"resolution": "WONT_FIX", "inRelease": None, "afterRelease": None},
    )


async def test_the_release_with_the_fix_is_kept(res: Resources):
    scene = await make_scene(res)
    issue = await resolve_issue(res, scene.actor, issue_id=scene.issue.id, in_release="2.0")
    assert (issue.resolved_in_release, issue.resolved_after_release) == ("2.0", None)


async def test_the_next_release_is_any_after_the_newest_seen_in_the_project(res: Resources):
    scene = await make_scene(res)
    await see_releases(res, scene.project, "1.2", "1.10", "1.9")
    await see_releases(res, await make_project(res), "7.0")
    issue = await resolve_issue(res, scene.actor, issue_id=scene.issue.id, in_next_release=True)
    assert (issue.resolved_in_release, issue.resolved_after_release) == (None, "1.10")


async def test_the_next_release_is_one_of_the_service_where_that_names_any(writing: Resources):
    scene = await make_scene(writing)
    for service, release in (("checkout", "1.2"), ("checkout", "1.10"), ("search", "9.5")):
        stored = await log(writing, scene.project, service=service, errorType=service, release=release)
        if service == "checkout":
            issue_id = stored.issue_id
    issue = await resolve_issue(writing, scene.actor, issue_id=issue_id, in_next_release=True)
    assert issue.resolved_after_release == "1.10"
    assert (await log(writing, scene.project, errorType="checkout", release="1.11")).is_regression


async def test_there_is_no_next_release_where_none_was_seen(res: Resources):
    scene = await make_scene(res)
    with pytest.raises(InvalidInput) as refused:
        await resolve_issue(res, scene.actor, issue_id=scene.issue.id, in_next_release=True)
    assert refused.value.path == ("inNextRelease",)
    assert (await only_row(res, Issue)).status is IssueStatus.UNRESOLVED


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"in_release": "2.0", "in_next_release": True}, ("inNextRelease",)),
        ({"in_release": "2" * 201}, ("inRelease",)),
        ({"note": "x" * 2001}, ("note",)),
    ],
)
async def test_what_makes_no_sense_is_refused_by_name(res: Resources, given, path):
    scene = await make_scene(res)
    with pytest.raises(InvalidInput) as refused:
        await resolve_issue(res, scene.actor, issue_id=scene.issue.id, **given)
    assert refused.value.path == path


async def test_the_second_is_told_who_was_first(res: Resources):
    scene = await make_scene(res)
    bob = await scene.join()
    await resolve_issue(res, scene.actor, issue_id=scene.issue.id)
    with pytest.raises(Conflict, match="Ann resolved it already"):
        await resolve_issue(res, acting(bob, scene.project), issue_id=scene.issue.id)


async def test_reopening_forgets_the_resolution_and_says_what_it_was(res: Resources):
    scene = await make_scene(res)
    await resolve_issue(res, scene.actor, issue_id=scene.issue.id, in_release="2.0", note="Fixed.")
    issue = await reopen_issue(res, scene.actor, issue_id=scene.issue.id, note="Not at all.")
    assert (issue.status, issue.resolved_at, issue.resolution, issue.resolution_note) == (
        IssueStatus.UNRESOLVED,
        None,
        None,
        None,
    )
    assert (issue.resolved_in_release, issue.resolved_by_id) == (None, None)
    step = await only_row(res, Activity, Activity.kind == ActivityKind.REOPENED)
    assert (step.note, step.details) == ("Not at all.", {"from": "RESOLVED"})
