"""The contact sheet command."""

from generator.starter.sheet import contact_sheet


def test_a_sheet_has_a_place_for_every_seed() -> None:
    sheet = contact_sheet(range(5), 3, 64)

    assert (sheet.width, sheet.height % 2) == (192, 0)
    assert sheet.height > 128
