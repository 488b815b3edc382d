"""Questions about scenes have closed lists of answers, and every scene has one of each."""

from generator.starter.attributes import QUESTIONS, answers
from generator.starter.scenes.description import Relation, Scene, Subject
from generator.starter.scenes.random_scene import imagine


def said(scene: Scene) -> dict[str, str]:
    return {question: QUESTIONS[question][place] for question, place in answers(scene).items()}


def test_every_scene_answers_every_question() -> None:
    for seed in range(200):
        assert set(said(imagine(seed))) == set(QUESTIONS)


def test_a_scene_says_what_it_holds() -> None:
    first, second = Subject("cat", "black", count=2), Subject("star", "yellow")
    found = said(
        Scene(1, ground="plain", ground_colour="blue", subjects=(first, second), relations=(Relation(0, "left", 1),))
    )
    assert (found["kind"], found["colour"], found["count"]) == ("cat", "black", "2")
    assert (found["second kind"], found["second colour"], found["where"]) == ("star", "yellow", "left")
    assert (found["ground"], found["ground colour"], found["body"]) == ("plain", "blue", "none")
