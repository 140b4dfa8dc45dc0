import pytest

from domain.errors import InvalidInput
from domain.text import lines, one_line, slug


@pytest.mark.parametrize(
    ("text", "kept"), [(" Ada ", "Ada"), ("Ada Lovelace", "Ada Lovelace"), ("李", "李"), ("x" * 200, "x" * 200)]
)
def test_one_line_loses_only_the_blanks_around_it(text, kept):
    assert one_line(text, "name") == kept


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\nb", "a\x00b", "a\ud800", "a\u2028b", "a\x9fb"])
def test_what_is_no_printable_line_is_refused_by_the_name_of_its_field(text):
    with pytest.raises(InvalidInput, match="`name`") as failure:
        one_line(text, "name")
    assert failure.value.path == ("name",)


@pytest.mark.parametrize("text", ["a", "web-1", "9", "a" * 50])
def test_a_slug_is_kept(text):
    assert slug(text, "slug") == text


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "a b", "a_b", "é", "a" * 51, "a\n"])
def test_what_is_no_slug_is_refused(text):
    with pytest.raises(InvalidInput):
        slug(text, "slug")


def test_lines_are_kept_once_and_sorted():
    assert lines(["web", " api", "web "], "services", most=3) == ["api", "web"]


def test_too_many_lines_are_refused():
    with pytest.raises(InvalidInput, match="at most 1"):
        lines(["a", "b"], "services", most=1)
