"""The measures of evaluation, on pictures whose truth is known."""

from dataclasses import replace

import numpy as np

from generator.starter import configuration, data, measure
from generator.starter.scenes.description import Scene, Subject
from generator.starter.scenes.paint import render
from generator.starter.scenes.palette import NAMED
from generator.starter.scenes.random_scene import imagine


def test_the_pixel_test_reads_the_colours_of_true_renders() -> None:
    pictures = configuration.read().pictures
    drawn = data.draw_held_out(pictures, 24, 128)
    scenes = [imagine(seed) for seed in drawn.seeds]
    scores = measure.colour_scores(scenes, data.average(drawn.pictures, 64))
    assert scores["background"] >= 0.95
    assert scores["object"] >= 0.85


def test_a_thing_has_the_colour_of_most_of_its_pixels() -> None:
    picture = np.full((64, 64, 3), NAMED["blue"], np.uint8)
    picture[20:38, 20:40] = NAMED["teal"]
    picture[10:20, 20:40] = NAMED["white"]
    picture[38:48, 20:40] = NAMED["yellow"]  # more than half is lighter than teal
    assert measure.colours_of(picture) == ("blue", "teal")


def test_a_thing_of_another_colour_is_not_counted() -> None:
    scene = Scene(1, ground="plain", ground_colour="blue", subjects=(Subject("circle", "red"),))
    other = replace(scene, subjects=(Subject("circle", "yellow"),))
    painted = np.asarray(render(other, 64, 64), np.uint8)[None]
    assert measure.colour_scores([scene], painted) == {"background": 1.0, "object": 0.0, "both": 0.0}
    assert measure.colour_scores([other], painted) == {"background": 1.0, "object": 1.0, "both": 1.0}


def test_blank_pictures_have_a_ground_and_nothing_on_it() -> None:
    assert measure.colours_of(np.full((64, 64, 3), (58, 116, 204), np.uint8)) == ("blue", None)


def test_scenes_the_pixel_test_cannot_read_give_no_score() -> None:
    assert measure.colour_scores([], np.zeros((0, 64, 64, 3), np.uint8))["both"] == -1.0


def test_equal_pictures_have_no_variety_and_are_nearest() -> None:
    same = np.full((3, 8, 8, 3), 7, np.uint8)
    assert measure.variety(same) == 0.0
    assert measure.nearest(same[:1], same) == 0.0
    assert measure.decibels(same, same) > 100
