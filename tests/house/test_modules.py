"""How the house is written: what a reader may rely on in every module. A failing test names each place."""

import ast
import re
from collections.abc import Iterator

from tests.support.source import ROOT, Function, Module, modules

MOST_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "managers", "services"}
CLOCK_IN_SQL = re.compile(
    r"\b(now\s*\(|clock_timestamp|statement_timestamp|transaction_timestamp|localtime|localtimestamp"
    r"|current_timestamp|current_date|current_time)\b",
    re.IGNORECASE,
)
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.time_ns",
    "func.now",
    "func.current_timestamp",
}
# What cancels by itself, and why it may.
CANCELLING = {
    "core/abreast.py:_until_any_is_done": "what its coroutines wait for, as a task that is cancelled does; then they end",
    "core/ending.py:end": "here it is done again until it has ended",
    "api/pinging.py:Pinger.leave": "a timer",
    "api/server.py:Server._send_away": "nobody waits for it, and the process ends",
    "api/socket.py:TransportHandler._stop_waiting_for_init": "a timer",
    "resolvers/feed/silence.py:Silences.remove": "it only sleeps, and nobody waits for it",
    "resolvers/intake/connection.py:cut_after": "a timer",
    "tasks/worker.py:run": "is waited for with a bound, and the process ends",
}
# Loops that wait in each round, and why they may: what they go over is few, or cannot be done together.
LOOPS: dict[str, str] = {
    "resolvers/dropped.py:_tell": "projects whose events were turned away in the last second, each told once an hour",
    "resolvers/archive/erase.py:_erase_one": "files, each of which is read whole",
    "resolvers/archive/behind.py:projects_behind": "projects that have a bound of their own on their count",
    "resolvers/archive/run.py:archive_expired": "days and projects, each of which is a file",
    "resolvers/archive/run.py:_past_their_time": "days, each of which is some files",
    "resolvers/archive/run.py:_too_many": "days and projects, each of which is a file",
    "resolvers/erasure/steps.py:finish_erasure": "two tables",
    "resolvers/event/prune.py:_bounds": "projects that have a bound of their own on their count",
    "resolvers/event/prune.py:prune_events": "projects that have a bound of their own, each in steps",
    "resolvers/feed/cohort.py:Cohort.tell": "waits for no statement: it lets others have their turn",
    "resolvers/feed/subjects.py:load_items": "subjects, which are one for each process but in tests",
    "resolvers/feed/subjects.py:load_matches": "subjects, which are one for each process but in tests",
    "resolvers/feed/subjects.py:load_subjects": "subjects, which are one for each process but in tests",
    "resolvers/feed/patience.py:patiently": "tries, each after the other has failed",
    "resolvers/intake/patience.py:execute_patiently": "tries, each after the other has failed",
    "resolvers/intake/admission.py:Admission._admit": "two limits",
    "resolvers/intake/log.py:_log_all": "waits for no statement: destinations are kept, and the batch is stored once",
    "resolvers/intake/log.py:_refused": "projects, of which a batch has few; waits for Valkey once in many events",
    "resolvers/issue/assigned.py:assigned_counts": "one for each filter in the document",
    "resolvers/issue/assigned.py:assigned_pages": "one for each filter in the document",
    "resolvers/intake/drain.py:_read": "waits for no statement: it lets others have the loop",
    "resolvers/notification/waiting.py:hold_back_outdated": "two states",
    "resolvers/notification/refresh.py:refresh_messages": "messages, each of which is a request to its server",
    "resolvers/pattern/mine.py:_store": "three statements",
    "resolvers/daily.py:daily_timelines": "one for each span in the document",
    "resolvers/surge/find.py:_judge": "services that surge, of which there are few, each over its last minutes",
    "resolvers/target/warn.py:warn_of_targets": "two aims",
    "resolvers/target/warn.py:_warn": "those who are told of one issue, who are two most often",
    "resolvers/retention.py:prune_counts": "projects, each in steps",
    "resolvers/users.py:_fold_some": "two hundred sketches each, so that no more are in memory",
    "resolvers/summary/send.py:send_summaries": "those whose morning has come, each of whom gets a mail",
    "resolvers/opening.py:open_database": "tries, each after the other has failed",
    "resolvers/pages.py:read_pages": "one for each shape of a page in the document",
    "resolvers/partitions.py:_finish_dropping": "partitions that a crash left, which is one most often",
    "resolvers/partitions.py:_patiently": "tries, each after the other has failed",
    "resolvers/partitions.py:drop_partitions": "two tables, a few days",
    "resolvers/partitions.py:make_partitions": "two tables, a few days",
    "resolvers/project/dry_run.py:_regroup": "waits for no statement: lets others have their turn",
    "resolvers/resources.py:Delivery.__call__": "messages, each sort of which leaves once",
    "resolvers/schedule/shifts.py:holding_by_moment": "one for each instant in the document",
    "resolvers/schedule/shifts.py:shifts_by_asked": "one for each span in the document",
    "resolvers/schedule/handoff.py:tell_handoffs": "a transaction for each, so that one that fails holds up no other",
    "resolvers/schedule/handoff.py:_tell_coming": "those who come on call, each of whom gets a message",
    "resolvers/schedule/handoff.py:_tell_gone": "those who went, each of whom gets a message",
    "resolvers/schedule/importing.py:refresh_calendars": "calendars, each of which is a request to its server",
    "resolvers/warning/tell.py:tell_administrators": "administrators; what templates there are is asked once",
    "resolvers/stats.py:answer_questions": "one for each figure in the document",
    "resolvers/alert_rule/checking.py:_check": "what a rule fires for, each in a transaction of its own",
    "resolvers/alert_rule/counting.py:_by_service": "services that have enough events to be looked at closely",
    "resolvers/alert_rule/matching.py:_fired": "rules that look at one event, of which there are few",
    "resolvers/escalation/plan.py:climb_by": "policies of the rules for one event, until the first that is there",
    "resolvers/triage.py:_tell_recipients": "those whom a rule tells, each of whom gets a message",
    "resolvers/triage.py:weigh": "rules for one event, of which there are few",
    "resolvers/configuration/applying.py:_add_methods": "a file's, each made as a person would",
    "resolvers/configuration/applying.py:_put_rotations": "a file's, each made as a person would",
    "resolvers/configuration/applying.py:_replace_rules": "a file's, each made as a person would",
    "resolvers/configuration/applying.py:apply_configuration": "a file's, each made as a person would",
    "resolvers/triage.py:_fall_back": "administrators, each of whom gets a mail",
    "resolvers/escalation/climb.py:_climb": "those whom a step tells, each of whom gets a message",
    "resolvers/escalation/warning.py:warn_administrators": "administrators, each of whom gets a message",
    "resolvers/policy/known.py:check_targets": "three kinds of targets",
    "resolvers/escalation/timer.py:_take_together": "waits for few statements: what each asks for was read for all",
    "resolvers/escalation/timer.py:escalate_due": "a transaction for each, so that one that fails holds up no other",
    "resolvers/candidates.py:_those_who_know": "projects and teams, of which a batch has few",
    "resolvers/candidates.py:_those_who_own": "projects, of which a batch has few",
    "resolvers/routing.py:route": "waits for no statement after the first: all lines are known by then",
    "resolvers/judging.py:warm_up": "waits for no statement: who owns what is known",
    "resolvers/judging.py:_likely": "waits for no statement: the candidates are known",
    "resolvers/triage.py:_take_together": "waits for few statements: what each asks for was read for all",
    "resolvers/triage.py:take_triage": "a transaction for each, so that one that fails holds up no other",
}


def test_no_module_is_too_long():
    paths = [module.path for module in modules()] + list((ROOT / "tests").rglob("*.py"))
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_module_is_named_for_nothing():
    names = (module.path.relative_to(ROOT) for module in modules())
    assert [str(name) for name in names if {name.stem, *name.parts} & FORBIDDEN_NAMES] == []


def test_no_import_hides_in_a_function():
    assert [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for _, function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ] == []


def test_no_sql_tells_the_time():
    assert [
        f"{module.name}:{node.lineno}: {node.value.strip()}"
        for module in modules()
        for node in _texts(module.tree)
        if CLOCK_IN_SQL.search(node.value)
    ] == []


def test_nothing_but_the_clock_tells_the_time():
    assert [
        f"{module.name}:{node.lineno}: {ast.unparse(node)}"
        for module in modules()
        if module.name != "core/clock.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and _last_two(node) in CLOCKS
    ] == []


def test_what_is_to_end_is_ended_and_not_only_cancelled():
    """A cancellation may be lost (`core/ending.py`); who waited for the end of such a task waited for good."""
    cancelling = {
        f"{module.name}:{name}"
        for module in modules()
        for name, function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cancel"
    }
    assert cancelling == set(CANCELLING)


def test_no_statement_is_sent_for_each_row():
    waiting = {
        f"{module.name}:{name}"
        for module in modules("resolvers")
        for name, function in module.functions()
        if any(_waits(loop) for loop in ast.walk(function))
    }
    assert waiting - set(LOOPS) == set(), "send one statement for all rows, or say above why not"
    assert set(LOOPS) - waiting == set(), "these are gone: take them out"


def test_every_public_function_says_what_it_does():
    assert [
        f"{module.name}:{name}"
        for module in modules("resolvers", "domain", "core")
        for name, function in module.functions()
        if not ast.get_docstring(function) and _is_public(name, module)
    ] == []


def test_every_module_says_which_question_it_answers():
    assert [module.name for module in modules() if module.tree.body and not ast.get_docstring(module.tree)] == []


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string but the docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def _last_two(node: ast.Attribute) -> str:
    """The last two names of a path: `datetime.now` of `datetime.datetime.now`."""
    before = node.value
    owner = before.attr if isinstance(before, ast.Attribute) else before.id if isinstance(before, ast.Name) else ""
    return f"{owner}.{node.attr}"


def _waits(node: ast.AST) -> bool:
    """Whether it goes over things, and waits for something in each round."""
    if isinstance(node, ast.For):
        return any(isinstance(inner, ast.Await | ast.AsyncWith) for part in node.body for inner in ast.walk(part))
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        before = {id(inner) for inner in ast.walk(node.generators[0].iter)}
        return any(isinstance(inner, ast.Await) and id(inner) not in before for inner in ast.walk(node))
    return False


def _is_public(name: str, module: Module) -> bool:
    outer, _, _ = name.rpartition(".")
    is_inner = any(known == outer for known, _ in module.functions())
    return not is_inner and not any(part.startswith("_") for part in name.split("."))
