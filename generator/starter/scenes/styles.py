"""What is done to a painted picture at the end: paper and pigment, pixels, the glow of tubes, a last light."""

import numpy as np
from PIL import Image, ImageFilter

from generator.starter.scenes.canvas import bloom, clouds_of
from generator.starter.scenes.description import Scene

# Enough cells across the short side to know a fox from a cat, few enough to see each.
PIXEL_CELLS = 64
PIXEL_COLOURS = 20
# Where neighbours differ this much, summed over the channels, the darker one is an outline: things, not clouds.
_OUTLINED = 120
_OUTLINE_SHADE = 45  # of 100
_LIGHT = np.array((3, 6, 1), dtype=np.int16)  # how bright each channel is to the eye


def finish(image: Image.Image, scene: Scene) -> Image.Image:
    """The picture in the style of the scene, at its own size."""
    if scene.style == "watercolor":
        return _watercolor(image, scene.seed)
    if scene.style == "line":
        return _paper(image, scene.seed)
    if scene.style == "neon":
        return _glowing(image)
    return _lit(image, scene) if scene.ground not in ("plain", "pattern") else image


def pixelate(image: Image.Image, width: int, height: int) -> Image.Image:
    """Few colours and dark outlines, then every pixel a square; its corners fall where the size allows."""
    few = image.quantize(PIXEL_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    return _outlined(few.convert("RGB")).resize((width, height), Image.Resampling.NEAREST)


def pixel_size(width: int, height: int) -> tuple[int, int]:
    """How many squares a pixel picture has; never more than it has pixels."""
    cell = max(1, round(min(width, height) / PIXEL_CELLS))
    return max(16, width // cell), max(16, height // cell)


def _outlined(image: Image.Image) -> Image.Image:
    """Where colours differ much the darker side is darkened, as whoever sets pixels by hand draws a contour."""
    pixels = np.asarray(image, dtype=np.int16)
    light = (pixels * _LIGHT).sum(-1)
    dark = np.zeros(light.shape, dtype=bool)
    for axis, first, second in ((0, np.s_[:-1], np.s_[1:]), (1, np.s_[:, :-1], np.s_[:, 1:])):
        differs = np.abs(np.diff(pixels, axis=axis)).sum(-1) > _OUTLINED
        is_lighter = np.diff(light, axis=axis) > 0
        dark[first] |= differs & is_lighter
        dark[second] |= differs & ~is_lighter
    return Image.fromarray(np.where(dark[..., None], pixels * _OUTLINE_SHADE // 100, pixels).astype(np.uint8))


def _lit(image: Image.Image, scene: Scene) -> Image.Image:
    """A breath of bloom, and grain so fine that it only keeps gradients from banding."""
    unit = min(image.size)
    soft = bloom(image, unit * 0.03, 0.1)
    grain = np.random.default_rng(scene.seed & 0xFFFFFFFF).integers(
        -2, 3, (image.height, image.width, 1), dtype=np.int16
    )
    pixels = np.asarray(soft, dtype=np.int16) + grain
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _glowing(image: Image.Image) -> Image.Image:
    unit = min(image.size)
    return bloom(bloom(image, unit * 0.007, 0.8, above=70), unit * 0.03, 0.9, above=70)


def _paper(image: Image.Image, seed: int) -> Image.Image:
    """Ink on paper that is not quite even."""
    fibre = clouds_of(seed + 7 & 0xFFFFFFFF, *_shape(image, 40), image.size)[..., None]
    pixels = np.asarray(image, dtype=np.float32) - 6.0 * fibre
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _displaced(image: Image.Image, seed: int, reach: float, waves: int) -> Image.Image:
    width, height = image.size
    across = max(2, round(waves * width / min(width, height)))
    down = max(2, round(waves * height / min(width, height)))
    right = (clouds_of(seed & 0xFFFFFFFF, across, down, image.size) - 0.5) * 2 * reach
    below = (clouds_of(seed + 1 & 0xFFFFFFFF, across, down, image.size) - 0.5) * 2 * reach
    rows = np.clip(np.arange(height, dtype=np.float32)[:, None] + below, 0, height - 1).astype(np.intp)
    columns = np.clip(np.arange(width, dtype=np.float32)[None, :] + right, 0, width - 1).astype(np.intp)
    return Image.fromarray(np.asarray(image)[rows, columns])


def _watercolor(image: Image.Image, seed: int) -> Image.Image:
    """Edges that run, pigment that settles at them and clouds inside, white paper round the wash."""
    seed &= 0xFFFFFFFF
    unit = min(image.size)
    run = _displaced(_displaced(image, seed, unit * 0.009, 16), seed + 2, unit * 0.003, 70)
    soft = run.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.GaussianBlur(unit / 700))
    wide = soft.resize((max(1, image.width // 4), max(1, image.height // 4)), Image.Resampling.BOX)
    around = wide.filter(ImageFilter.GaussianBlur(max(0.6, unit / 260))).resize(image.size, Image.Resampling.BILINEAR)
    pixels = np.asarray(soft, dtype=np.float32)
    # Pigment gathers on the dark side of an edge: sharpen against the wide blur, downwards only.
    edges = np.clip(np.asarray(around, dtype=np.float32) - pixels, 0, 60)
    pigment = (
        clouds_of(seed + 4, *_shape(image, 5), image.size) * 0.3
        + clouds_of(seed + 5, *_shape(image, 17), image.size) * 0.16
    )
    grain = clouds_of(seed + 6, image.width // 2, image.height // 2, image.size) * 0.1
    thin = (0.7 + pigment + grain)[..., None]
    washed = 253.0 - (253.0 - pixels) * np.clip(thin, 0.4, 1.15) - 0.55 * edges
    paper = _margin(image.size, seed)[..., None]
    sheet = np.asarray((252, 250, 245), dtype=np.float32) - 9.0 * grain[..., None] / 0.1
    return Image.fromarray(np.clip(washed * paper + sheet * (1 - paper), 0, 255).astype(np.uint8))


def _shape(image: Image.Image, waves: int) -> tuple[int, int]:
    unit = min(image.size)
    return round(waves * image.width / unit), round(waves * image.height / unit)


def _margin(size: tuple[int, int], seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """1 where the wash is, 0 on the bare paper around it; the border wanders."""
    width, height = size
    unit = min(size)
    columns = np.minimum(np.arange(width), np.arange(width)[::-1]).astype(np.float32)[None, :] / unit
    rows = np.minimum(np.arange(height), np.arange(height)[::-1]).astype(np.float32)[:, None] / unit
    wander = clouds_of(seed + 8, 7 * width // unit, 7 * height // unit, size) * 0.03
    wander += clouds_of(seed + 9, 60 * width // unit, 60 * height // unit, size) * 0.008
    inside = np.minimum(columns, rows) - 0.008 - wander
    return np.clip(inside * 90.0, 0.0, 1.0).astype(np.float32)
