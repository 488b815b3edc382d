"""Contact sheets, for the eye.

python -m generator.starter.sheet sheet.png              scenes of seeds, with their captions: what is learned from
python -m generator.starter.sheet sheet.png --prompts    thirty fixed prompts, drawn by rules
"""

import argparse
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from generator.drawing.engine import understand
from generator.starter.data import Pixels
from generator.starter.scenes.caption import caption
from generator.starter.scenes.dice import throw
from generator.starter.scenes.paint import render
from generator.starter.scenes.random_scene import imagine

TEXT_HEIGHT = 32
PROMPT_COLUMNS = 6
PROMPTS = (
    "a yellow star on a blue background",
    "a red circle on a white background",
    "a green triangle on a white background",
    "a purple heart on a yellow background",
    "a black cat on an orange background",
    "a green fish on a blue background",
    "a red apple on a teal background",
    "a pink butterfly on a green background",
    "an orange fox on a white background",
    "a blue bird on a yellow background",
    "three red hearts on a white background",
    "five yellow stars on a black background",
    "a red circle to the left of a blue square on a white background",
    "a white star above a green square on a purple background",
    "a red sun over blue mountains",
    "a small house beside a green tree at night with stars",
    "a purple sailboat on the sea",
    "a white lighthouse by the sea at night",
    "a pink house in the snow",
    "a red mushroom in a meadow, watercolor",
    "a city at night, pixel art",
    "five yellow flowers in a blue vase",
    "a hot air balloon over green hills at sunset",
    "a green fish under water",
    "a cactus in the desert at sunset",
    "a teal planet in space",
    "an orange forest in the fog",
    "a blue car on a road",
    "line art of a cat",
    "purple and yellow polka dots",
)


def main() -> None:
    """Paint the scenes of some seeds, or the fixed prompts, and save them side by side."""
    parser = argparse.ArgumentParser(prog="python -m generator.starter.sheet", description="Save a contact sheet.")
    parser.add_argument("file", type=Path, help="where to write the sheet")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--side", type=int, default=192, help="pixels of one picture")
    parser.add_argument("--prompts", action="store_true", help="the fixed prompts, drawn by rules, instead of seeds")
    arguments = parser.parse_args()
    if arguments.prompts:
        hang(PROMPTS, draw(PROMPTS, arguments.side), arguments.side).save(arguments.file)
        return
    seeds = range(arguments.first, arguments.first + arguments.count)
    contact_sheet(seeds, arguments.columns, arguments.side).save(arguments.file)


def contact_sheet(seeds: range, columns: int, side: int) -> Image.Image:
    """The scenes of the seeds in rows, each over its caption."""
    scenes = [imagine(seed) for seed in seeds]
    pictures = [np.asarray(render(scene, side, side), np.uint8) for scene in scenes]
    captions = [caption(scene, throw(seed, "caption")) for seed, scene in zip(seeds, scenes, strict=True)]
    return hang(captions, np.stack(pictures), side, columns)


def draw(prompts: Sequence[str], side: int) -> Pixels:
    """What the drawing engine makes of prompts, the first with seed 0."""
    drawn = [render(understand(prompt, None, seed)[0], side, side) for seed, prompt in enumerate(prompts)]
    return np.stack([np.asarray(picture, np.uint8) for picture in drawn])


def hang(words: Sequence[str], pictures: Pixels, side: int = 160, columns: int = PROMPT_COLUMNS) -> Image.Image:
    """The pictures in rows, each over its words."""
    rows = -(-len(words) // columns)
    page = Image.new("RGB", (columns * side, rows * (side + TEXT_HEIGHT)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(10)
    for place, (text, picture) in enumerate(zip(words, pictures, strict=True)):
        x, y = place % columns * side, place // columns * (side + TEXT_HEIGHT)
        page.paste(Image.fromarray(picture).resize((side - 4, side - 4), Image.Resampling.LANCZOS), (x, y))
        for line, part in enumerate(textwrap.wrap(text, side // 6)[:3]):
            pen.text((x + 2, y + side - 2 + 10 * line), part, fill="black", font=font)
    return page


if __name__ == "__main__":
    main()
