"""Grouping on labelled events of real programs; tests/corpus/README.md says how they were made."""

import re

import pytest

from tests.corpus.measure import EVENTS, found_issues, labelled_events, scores, table, wrong

README = EVENTS.parent / "README.md"
OF_A_MACHINE = re.compile(r"/root|/tmp/h|pyenv|/work/|/var/tmp|localhost:[0-9]")


@pytest.fixture(scope="module")
def corpus():
    return labelled_events()


@pytest.mark.parametrize("seed", range(3))
def test_precision_and_recall_are_those_aimed_at_in_any_order(corpus, seed):
    found = found_issues(corpus, seed=seed)
    *_, overall = scores(corpus, found)

    failing = "\n".join(f"{cost} pairs: {words}" for cost, words in wrong(corpus, found))
    assert overall.precision >= 0.98, failing
    assert overall.recall >= 0.98, failing


def test_the_corpus_is_as_large_as_it_should_be(corpus):
    assert len(corpus) >= 300
    assert len({event.issue for event in corpus}) >= 60
    assert len({event.language.removeprefix("sentry-") for event in corpus} - {"logs"}) >= 6


def test_the_readme_shows_the_scores_and_each_failure(corpus):
    found = found_issues(corpus)
    text = README.read_text()

    assert table(scores(corpus, found)) in text
    assert "\n".join(f"- {words}: {cost} pairs" for cost, words in wrong(corpus, found)) in text


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_no_event_tells_of_the_machine_that_made_it(path):
    assert OF_A_MACHINE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_no_stack_gives_its_label_away(corpus, path):
    """A trace that named the bug would group by the answer."""
    for event in corpus:
        if event.language == path.stem:
            bug = event.issue.partition("/")[2]
            frames = [frame for exception in event.report.exceptions for frame in exception.frames]
            assert bug not in {frame.function for frame in frames}
