from domain.excerpt import Call, calls, text_lines


def frame(function: str, *, in_app: bool = True, **facts: object) -> dict[str, object]:
    return {"function": function, "filename": "app/total.py", "line": 7, "in_app": in_app, **facts}


def test_the_applications_own_calls_come_nearest_first():
    frames = [frame("main"), frame("run", in_app=False), frame("total", context_line="  raise ValueError  ")]
    assert calls([{"type": "ValueError", "frames": frames}]) == [
        Call("app/total.py:7 in total", "raise ValueError"),
        Call("app/total.py:7 in main", None),
    ]


def test_without_calls_of_its_own_any_serve():
    assert calls([{"frames": [frame("run", in_app=False)]}]) == [Call("app/total.py:7 in run", None)]


def test_the_error_that_was_thrown_counts_before_its_causes():
    thrown, cause = {"frames": [frame("thrown")]}, {"frames": [frame("cause")]}
    assert [call.where for call in calls([cause, thrown])] == ["app/total.py:7 in thrown"]
    assert [call.where for call in calls([cause, {"type": "E", "frames": []}])] == ["app/total.py:7 in cause"]


def test_only_so_many_are_shown():
    found = calls([{"frames": [frame(f"f{number}") for number in range(20)]}])
    assert [call.where.rpartition(" ")[2] for call in found] == ["f19", "f18", "f17", "f16", "f15", "f14"]


def test_a_call_is_named_by_what_is_known_of_it():
    frames = [{"module": "app.main"}, {"function": "f"}, {"absolute_path": "/x.js", "line": 0}, {"line": 3}]
    assert [call.where for call in calls([{"frames": frames}])] == ["/x.js:0", "f", "app.main"]


def test_no_exceptions_give_no_calls():
    assert calls([]) == []
    assert calls([{"type": "E"}]) == []


def test_of_a_stack_that_is_text_both_ends_are_kept():
    assert text_lines(None) == []
    assert text_lines("\n  one\n  two\n") == ["  one", "  two"]
    lines = text_lines("\n".join(map(str, range(100))))
    assert lines[0] == "0"
    assert lines[-1] == "99"
    assert len(lines) == 14
