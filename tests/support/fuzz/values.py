"""Any JSON, and what else a dialect may be given: texts no disk can hold, numbers no column can, shapes nobody meant."""

from hypothesis import strategies as st

text = st.text(st.characters(), max_size=30)  # surrogates among them
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), text, st.integers(-(2**70), 2**70))
ODD_TEXTS = (
    "", " " * 9000 + "a", "\0" * 9000, "#0 /a.php(1): f()", "#0 {main}", "at a.b(C.java:1)\n", "E: m\n\tat a.b(C.java:1)", "a@b:1:2",
    "a." * 3000, "{}" * 3000, "1772442927123", "9" * 400, "exception:", "Error(" + "(" * 3000, "\ud800", ":", "a:1", "400", "7", "[" * 5000,
    "{{auto}}", "{{ default }}", "%s %(a)s {}", "\x1b[31mred", "%ff%fe", "http://[::1", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59+00:00",
    "a=b&" * 3000, "é" * 9000, "\u2028\u0085", "card 4111 1111 1111 1111", "-----BEGIN PRIVATE KEY-----\n" + "A" * 9000,
)  # fmt: skip
odd_texts = st.sampled_from(ODD_TEXTS)


def json_like(*names: st.SearchStrategy[str], most: int = 12) -> st.SearchStrategy[object]:
    """Values of JSON, of at most so many leaves, and what is nearly one; keys are of these names, or any."""
    keys = st.one_of(text, *names)
    return st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
        max_leaves=most,
    )


def objects(**named: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Objects that have any of these names."""
    return st.fixed_dictionaries({}, optional=named)
