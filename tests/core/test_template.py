import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.template import BadTemplate, check_template, render_template

VIEW = {"title": "ValueError: <bad>", "count": 3, "nothing": ""}
PIECES = [
    "{{", "}}", "{%", "%}", "{#", "#}", " title ", " count ", "nothing", "if ", "else", "endif", "for x in title", "endfor",
    "set x = ", "~", "*", "**", "|upper", "|lower", "|truncate(3)", "(", ")", "[", "]", ".", "__class__", "'a'", "9", "\n",
    "macro m()", "endmacro", "import", "not ", " and ", " == ",
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("{{ title }}", "ValueError: <bad>"),
        ("{{ title | upper }} x{{ count }}", "VALUEERROR: <BAD> x3"),
        ("{% if nothing %}no{% elif count > 2 %}many{% else %}few{% endif %}", "many"),
        ("{{ nothing | default('none', true) }}", "none"),
        ("{{ title | truncate(8, true, '…') }}", "ValueEr…"),
        ("{{ 'one' if count == 1 else 'not ' ~ 'one' }}{# nobody sees this #}", "not one"),
        ("  no more than words\n", "no more than words"),
    ],
)
def test_what_a_template_says(source, made):
    check_template(source, VIEW)
    assert render_template(source, VIEW, longest=100) == made


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% for x in title %}{{ x }}{% endfor %}", "loops"),
        ("{% set x = title %}", "`set`"),
        ("{% macro m() %}{% endmacro %}", "macros"),
        ("{{ title() }}", "calls"),
        ("{{ title.__class__ }}", "attributes"),
        ("{{ title['x'] }}", "attributes"),
        ("{{ title * 9 }}", "`mul`"),
        ("{{ 9 ** 9 }}", "`pow`"),
        ("{{ count + 1 }}", "`add`"),
        ("{{ [title] }}", "`list`"),
        ("{% include 'secrets' %}", "`include`"),
        ("{% import 'os' as os %}", "`import`"),
        ("{% extends 'x' %}", "`extends`"),
        ("{{ title is defined }}", "`test`"),
        ("{{ title | replace('', title) }}", "filter `replace`"),
        ("{{ title | upper(*title) }}", "filter `upper`"),
        ("{{ range }}", "no `range`"),
        ("{{ self }}", "no `self`"),
        ("line\n{{ titel }}", r"no `titel` \(line 2\)"),
        ("{{ title", "cannot be read"),
        ("{{ title | shout }}", "filter `shout`"),
        ("{{ " + "(" * 1900 + "title" + ")" * 1900 + " }}", "cannot be read"),
        ("{{ title" + " | upper" * 400 + " }}", "deeper"),
        ("{% if count %}" * 200 + "{% endif %}" * 200, "deeper"),
    ],
)
def test_what_a_template_may_not(source, why):
    with pytest.raises(BadTemplate, match=why):
        check_template(source, VIEW)
    with pytest.raises(BadTemplate):
        render_template(source, VIEW, longest=100)


@pytest.mark.parametrize("source", ["{{ title if title > 3 }}", "{{ title | truncate(title) }}", "{{ nothing }} \n"])
def test_what_can_only_be_found_out_by_rendering_is_told_too(source):
    check_template(source, VIEW)
    with pytest.raises(BadTemplate):
        render_template(source, VIEW, longest=100)


def test_what_is_too_long_is_cut():
    assert render_template("{{ title }}" * 300, VIEW, longest=10) == "ValueErro…"


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_is_written_it_is_refused_or_makes_a_text_that_fits(source):
    try:
        made = render_template(source, VIEW, longest=50)
    except BadTemplate:
        return
    assert 1 <= len(made) <= 50
