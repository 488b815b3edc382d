"""The contact sheet command."""

from generator.drawing.engine import understand
from generator.starter.sheet import PROMPTS, contact_sheet, draw, hang


def test_a_sheet_has_a_place_for_every_seed() -> None:
    sheet = contact_sheet(range(5), 3, 64)

    assert (sheet.width, sheet.height % 2) == (192, 0)
    assert sheet.height > 128


def test_the_fixed_prompts_are_all_understood_by_the_drawing_engine() -> None:
    assert [word for prompt in PROMPTS for word in understand(prompt, None, 0)[1]] == []


def test_the_sheet_of_fixed_prompts_has_thirty_places() -> None:
    drawn = draw(PROMPTS, 32)
    assert drawn.shape == (30, 32, 32, 3)
    assert hang(PROMPTS, drawn, 48).width == 6 * 48
