"""Polls: what we write we read again, and what peers write in their ways."""

import pytest

from activitypub.questions import OptionFields, QuestionFields, question_terms, read_question

SEA, HILLS = OptionFields("the sea", 3), OptionFields("the hills", 0)


@pytest.mark.parametrize("multiple", [False, True])
def test_what_is_written_is_read_again(multiple):
    question = QuestionFields(options=(SEA, HILLS), multiple=multiple, ends="2026-11-23T10:00:00.000Z", voters=3)

    document = {"type": "Question", **question_terms(question)}

    assert read_question(document) == question
    assert ("anyOf" in document) is multiple


def test_hidden_totals_are_not_written():
    terms = question_terms(QuestionFields(options=(OptionFields("the sea", None),), multiple=False))

    assert terms == {"oneOf": [{"type": "Note", "name": "the sea", "replies": {"type": "Collection"}}]}


@pytest.mark.parametrize(("closed", "date"), [(True, None), ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")])
def test_a_closed_poll_says_so_in_either_way(closed, date):
    read = read_question({"type": "Question", "oneOf": [{"name": "the sea"}], "closed": closed})

    assert (read.is_closed, read.closed) == (True, date)


def test_one_option_may_stand_without_a_list_and_a_title_counts_once():
    read = read_question({"type": "Question", "oneOf": {"type": "Note", "name": "the sea"}})
    twice = read_question({"type": "Question", "anyOf": [{"name": "the sea"}, {"name": "the sea"}, {"name": ""}, "x"]})

    assert read.options == twice.options == (OptionFields("the sea", None),)


@pytest.mark.parametrize(
    "document",
    [{"type": "Question"}, {"type": "Note", "oneOf": [{"name": "the sea"}]}, {"type": "Question", "oneOf": 5}],
)
def test_what_offers_nothing_is_no_poll(document):
    assert read_question(document) is None


@pytest.mark.parametrize("total", [-1, "7", True, 2**40, 1.5])
def test_counts_that_are_none_are_not_believed(total):
    read = read_question({"type": "Question", "oneOf": [{"name": "a", "replies": {"totalItems": total}}]})

    assert read.options == (OptionFields("a", None),)
