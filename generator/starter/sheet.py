"""A contact sheet of scenes with their captions, for the eye: `python -m generator.starter.sheet sheet.png`."""

import argparse
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from generator.starter.scenes.caption import caption
from generator.starter.scenes.dice import throw
from generator.starter.scenes.paint import render
from generator.starter.scenes.random_scene import imagine

TEXT_HEIGHT = 32


def main() -> None:
    """Paint the scenes of some seeds and save them side by side."""
    parser = argparse.ArgumentParser(prog="python -m generator.starter.sheet", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write the sheet")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--side", type=int, default=192, help="pixels of one picture")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.count)
    contact_sheet(seeds, arguments.columns, arguments.side).save(arguments.file)


def contact_sheet(seeds: range, columns: int, side: int) -> Image.Image:
    """The scenes of the seeds in rows, each over its caption."""
    rows = -(-len(seeds) // columns)
    sheet = Image.new("RGB", (columns * side, rows * (side + TEXT_HEIGHT)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(10)
    for place, seed in enumerate(seeds):
        x, y = place % columns * side, place // columns * (side + TEXT_HEIGHT)
        scene = imagine(seed)
        sheet.paste(render(scene, side, side), (x, y))
        for line, text in enumerate(textwrap.wrap(caption(scene, throw(seed, "caption")), side // 6)[:3]):
            draw.text((x + 2, y + side + 10 * line), text, fill="black", font=font)
    return sheet


if __name__ == "__main__":
    main()
