"""The mark of origin: found in what others write, and written so that it is found."""

import pytest

from server.media.marks import Mark, Origin, find_mark, write_mark, write_xmp

IPTC = b"http://cv.iptc.org/newscodes/digitalsourcetype/"


def test_our_own_mark_is_found_again():
    assert find_mark([write_xmp(Origin("starter", False, "Pinxit"))]) == Mark(
        "trainedAlgorithmicMedia", "starter", "Pinxit"
    )


def test_names_come_back_as_they_were():
    mark = Mark("trainedAlgorithmicMedia", 'a "quoted" <model> & more', "prog'ram")
    assert find_mark([write_mark(mark)]) == mark


@pytest.mark.parametrize("word", [b"digitalCapture", b"humanEdits", b"compositeCapture", b"somethingNew"])
def test_a_word_for_what_people_made_is_no_mark(word):
    assert find_mark([IPTC + word]) is None


def test_nothing_said_is_no_mark():
    assert find_mark([b"\xff\xd8\xff"], {"Software": "Painter", "prompt": "what is it?"}) is None


def test_the_most_exact_word_wins():
    both = IPTC + b"trainedAlgorithmicMedia " + IPTC + b"compositeWithTrainedAlgorithmicMedia"
    assert find_mark([both]) == Mark("compositeWithTrainedAlgorithmicMedia")


@pytest.mark.parametrize(
    "texts",
    [
        {"parameters": "a cat\nSteps: 20, Sampler: Euler"},
        {"prompt": '{"3": {"class_type": "KSampler"}}', "workflow": "{}"},
        {"invokeai_metadata": "{}"},
        {"Software": "NovelAI"},
    ],
)
def test_texts_that_only_generators_write_are_a_mark(texts):
    assert find_mark([], texts) == Mark("trainedAlgorithmicMedia")


def test_a_name_holds_nothing_that_cannot_be_read():
    found = find_mark([IPTC + b'trainedAlgorithmicMedia AISystemUsed="a\x00b\xe2\x80\xaec"'])
    assert found is not None and found.system == "a b c"
