"""The judge is marked on what can be seen, and mirrored pictures have mirrored answers."""

import math
from pathlib import Path

import msgspec
import pytest
import torch

from generator.starter import configuration, data, judge_stage, loop, marking
from generator.starter.configuration import HELD_OUT_SEED
from generator.starter.scenes.random_scene import imagine
from generator.starter.sight import SIGHTS, THINGS, UNSEEN, sights, things

pytestmark = pytest.mark.diffusers

SMALL = configuration.read(Path(__file__).parent.with_name("small.toml"))
SEEDS = range(HELD_OUT_SEED, HELD_OUT_SEED + 60)


def all_right() -> marking.Seen:
    scenes = [imagine(seed) for seed in SEEDS]
    there = torch.tensor([[float(thing in things(scene)) for thing in THINGS] for scene in scenes])
    answers = [sights(scene) for scene in scenes]
    return marking.Seen(
        there, {q: torch.eye(len(SIGHTS[q]))[[max(0, answer[q]) for answer in answers]] for q in SIGHTS}
    )


def test_who_sees_all_has_all_marks() -> None:
    marks = marking.marks(all_right(), SEEDS)
    assert set(marks) == set(marking.MARKED)
    assert {marking.share(mark) for name, mark in marks.items()} == {1.0}
    named = sum(len(things(imagine(seed))) for seed in SEEDS)
    assert marks["kind"] == (named, named)
    assert marks["count to 3"][1] > marks["count from 4"][1] > 0
    assert marks["where"][1] > 0


def test_who_sees_the_wrong_things_has_no_marks() -> None:
    seen = all_right()
    marks = marking.marks(marking.Seen(-seen.things, {q: -scores for q, scores in seen.sights.items()}), SEEDS)
    assert {marking.share(mark) for mark in marks.values()} == {0.0}
    assert marking.share((0, 0)) == 0.0


def test_things_that_changed_places_are_not_where_they_should_be() -> None:
    seen = all_right()
    swapped = {**seen.sights, "near": seen.sights["beyond"], "beyond": seen.sights["near"]}
    assert marking.marks(marking.Seen(seen.things, swapped), SEEDS)["where"][0] == 0


def test_a_mirrored_picture_is_mirrored_and_slid_by_little() -> None:
    dice = torch.Generator().manual_seed(1)
    ramp = torch.linspace(-1, 1, 32).view(1, 1, 1, 32).expand(64, 3, 32, 32)
    disturbed, turned = judge_stage.disturb(ramp, dice)
    assert disturbed.shape == ramp.shape
    rises = disturbed[:, :, :, -1].mean((1, 2)) > disturbed[:, :, :, 0].mean((1, 2))
    assert torch.equal(rises, ~turned)
    assert 0 < int(turned.sum()) < 64


def test_an_untaught_judge_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train judge"):
        judge_stage.read(SMALL, tmp_path / "judge.pt")


class Oracle(torch.nn.Module):
    """An eye that sees by its batch's seeds alone what is left and right, and knows whether it looks in a mirror."""

    def __init__(self, answers: list[dict[str, int]], dice: int) -> None:
        super().__init__()
        self.answers, self.dice = answers, dice

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        replayed = torch.Generator().manual_seed(self.dice)
        chosen = torch.randint(len(self.answers), (len(pictures),), generator=replayed).tolist()
        turned = (torch.rand(len(pictures), generator=replayed) < 0.5).tolist()
        said = {question: torch.zeros(len(pictures), len(options)) for question, options in SIGHTS.items()}
        for row, (number, mirrored) in enumerate(zip(chosen, turned, strict=True)):
            answer = dict(self.answers[number])
            if mirrored and answer["arranged"] == SIGHTS["arranged"].index("in a row"):
                answer["near"], answer["beyond"] = answer["beyond"], answer["near"]
            for question, place in answer.items():
                if place != UNSEEN:
                    said[question][row, place] = 50.0
        return torch.zeros(len(pictures), len(THINGS)), said


def test_mirrored_pictures_have_mirrored_answers_and_unseen_ones_cost_nothing() -> None:
    drawn = data.draw_held_out(msgspec.structs.replace(SMALL.pictures, grounds=(), max_subjects=2), 24, 16)
    machine = loop.Machine(torch.device("cpu"), half=False)
    settings = msgspec.structs.replace(SMALL.judge, side=16, batch=64)
    answers = [sights(imagine(seed)) for seed in drawn.seeds]
    assert any(answer["near"] != UNSEEN for answer in answers)
    lesson = judge_stage.JudgeLesson(judge_stage.Eye(settings), drawn, settings, machine)
    lesson.eye = Oracle(answers, 9)  # type: ignore[assignment]

    loss = lesson.loss(torch.Generator().manual_seed(9))

    nothing_seen = float(lesson.things.sum(1).gt(0).float()[lesson_choice(24, 64)].mean()) * math.log(len(THINGS))
    assert float(loss) == pytest.approx(settings.thing_weight * nothing_seen, abs=1e-3)


def lesson_choice(pictures: int, batch: int) -> torch.Tensor:
    return torch.randint(pictures, (batch,), generator=torch.Generator().manual_seed(9))
