"""The sheet a scene is painted on: pixels, gradients, glows. It knows the manner of painting but no things.

World coordinates: the short side of the picture is 1 long, x to the right and y down from the upper left corner.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from generator.starter.scenes.palette import INK, PAPER, Rgb, mix, neon

Manner = Literal["solid", "line", "neon"]
Points = Sequence[tuple[float, float]]
Box = tuple[int, int, int, int]
Floats = NDArray[np.float32]

NIGHT_GLASS: Rgb = (12, 9, 30)


class Canvas:
    """An RGB picture being painted, larger than asked by `factor` so that its edges come out smooth."""

    def __init__(self, width: int, height: int, manner: Manner, factor: int) -> None:
        self.manner = manner
        self.factor = factor
        self.pixels = (width * factor, height * factor)
        self.unit = min(self.pixels)
        self.width = self.pixels[0] / self.unit
        self.height = self.pixels[1] / self.unit
        # Tubes, which glow, and pen strokes keep their weight at every size, and are seen in a picture made smaller.
        self.stroke = max(factor, round(self.unit * (0.01 if manner == "neon" else 0.011)))
        self.image = Image.new("RGB", self.pixels, PAPER if manner == "line" else NIGHT_GLASS)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def replace(self, image: Image.Image) -> None:
        """Go on painting on another picture of the same size."""
        self.image = image
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def gradient(self, stops: Sequence[Rgb], top: float = 0.0, bottom: float | None = None) -> None:
        """Fill a band of the whole width with colours from top to bottom."""
        first, last = round(top * self.unit), round((self.height if bottom is None else bottom) * self.unit)
        first, last = max(0, first), min(self.pixels[1], last)
        if last > first:
            self.image.paste(column(stops, self.pixels[0], last - first), (0, first))

    def polygon(self, points: Points, colour: Rgb, *, to: Rgb | None = None, alpha: float = 1.0) -> None:
        """Fill a shape given in pixels; with `to` it runs from `colour` at its top to `to` at its bottom."""
        if to is None:
            self.draw.polygon(points, fill=(*colour, round(alpha * 255)))
            return
        box = self.bounds(points)
        if box is None:
            return
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in points], fill=round(alpha * 255))
        # The run of colour belongs to the whole shape, also where it is cut off by the edge of the picture.
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        self.image.paste(column((colour, to), *mask.size, skip=box[1] - top, span=bottom - top), box[:2], mask)

    def line(self, points: Points, colour: Rgb, width: float, alpha: float = 1.0) -> None:
        """A line with round ends and joints, in pixels."""
        thick = max(1, round(width))
        ink = (*colour, round(alpha * 255))
        self.draw.line(list(points), fill=ink, width=thick, joint="curve" if thick > 2 else None)
        if thick > 3 and alpha == 1.0:
            for x, y in (points[0], points[-1]):
                self.draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float = 0.6) -> None:
        """Light spreading from a place over what is there."""
        if self.manner == "line":
            return
        centre = (x * self.unit, y * self.unit)
        reach = radius * self.unit
        box = self.bounds(((centre[0] - reach, centre[1] - reach), (centre[0] + reach, centre[1] + reach)))
        if box is None:
            return
        self.image.paste(colour, box, _halo(box, centre, reach, strength))

    def add_light(self, light: Image.Image) -> None:
        """Add light given as a picture of any size."""
        whole = light.resize(self.pixels, Image.Resampling.BICUBIC)
        self.replace(ImageChops.screen(self.image, whole))

    def veil(self, mask: Image.Image, colour: Rgb) -> None:
        """Cover the picture with a colour through a mask of any size."""
        if self.manner == "solid":
            self.image.paste(colour, (0, 0), mask.resize(self.pixels, Image.Resampling.BILINEAR))

    def bounds(self, points: Points) -> Box | None:
        """The smallest box in whole pixels around some points, cut to the picture; None where nothing shows."""
        left, top = max(0, int(min(x for x, _ in points))), max(0, int(min(y for _, y in points)))
        right = min(self.pixels[0], int(max(x for x, _ in points)) + 2)
        bottom = min(self.pixels[1], int(max(y for _, y in points)) + 2)
        return (left, top, right, bottom) if right > left and bottom > top else None

    def finished(self) -> Image.Image:
        """The picture at the size that was asked for."""
        return self.image.reduce(self.factor) if self.factor > 1 else self.image.copy()


def column(
    stops: Sequence[Rgb], width: int, height: int, *, skip: float = 0.0, span: float | None = None
) -> Image.Image:
    """A picture of colours running down; `skip` pixels of a run `span` pixels long lie above it."""
    places = (np.arange(height, dtype=np.float32) + skip) / max(1.0, float(height if span is None else span))
    marks = np.linspace(0.0, 1.0, len(stops))
    channels = [np.interp(places, marks, [stop[part] for stop in stops]) for part in range(3)]
    strip = np.stack(channels, axis=1).astype(np.uint8)[:, None, :]
    return Image.fromarray(strip).resize((width, height), Image.Resampling.NEAREST)


def clouds_of(seed: int, columns: int, rows: int, size: tuple[int, int]) -> Floats:
    """Smooth chance between 0 and 1, `height × width`: few columns and rows make large shapes."""
    grain = np.random.default_rng(seed).integers(0, 256, (max(2, rows), max(2, columns)), dtype=np.uint8)
    smooth = Image.fromarray(grain).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float32) / 255.0


def bloom(image: Image.Image, radius: float, strength: float, above: int = 0) -> Image.Image:
    """The picture with its light over a level spread out, as a lens spreads it; blurred small because it is soft."""
    small = image.resize((max(1, image.width // 4), max(1, image.height // 4)), Image.Resampling.BOX)
    levels = [round(max(0, level - above) * 255 / (255 - above) * strength) for level in range(256)]
    soft = small.point(levels * 3).filter(ImageFilter.GaussianBlur(max(0.3, radius / 4)))
    return ImageChops.screen(image, soft.resize(image.size, Image.Resampling.BILINEAR))


def tube(colour: Rgb) -> tuple[Rgb, Rgb]:
    """The bright line and the dark glass inside of a neon shape."""
    bright = neon(colour)
    return bright, mix(NIGHT_GLASS, bright, 0.09)


def ink() -> tuple[Rgb, Rgb]:
    """The line and the inside of a drawn shape."""
    return INK, PAPER


def _halo(box: Box, centre: tuple[float, float], reach: float, strength: float) -> Image.Image:
    width, height = box[2] - box[0], box[3] - box[1]
    step = max(1, min(width, height) // 96)
    rows = (np.arange(-(-height // step), dtype=np.float32) * step + box[1] - centre[1]) / reach
    columns = (np.arange(-(-width // step), dtype=np.float32) * step + box[0] - centre[0]) / reach
    distance = np.sqrt(rows[:, None] ** 2 + columns[None, :] ** 2)
    light = np.clip(1.0 - distance, 0.0, 1.0) ** 2.2 * (255.0 * strength)
    return Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
