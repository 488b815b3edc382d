"""A scene becomes a picture, stage by stage, so that whoever waits can be shown how far it is."""

from collections.abc import Callable, Iterator

from PIL import Image

from generator.starter.scenes.canvas import Canvas
from generator.starter.scenes.city import paint_city
from generator.starter.scenes.compose import compose, home_of
from generator.starter.scenes.deep import paint_deep
from generator.starter.scenes.description import Colour, Far, Ground, Layer, Scene
from generator.starter.scenes.dice import throw
from generator.starter.scenes.flowers import paint_field
from generator.starter.scenes.kind import Look
from generator.starter.scenes.kinds import KINDS
from generator.starter.scenes.land import (
    paint_banks,
    paint_beach,
    paint_dunes,
    paint_hills,
    paint_meadow,
    paint_road,
    paint_sand,
)
from generator.starter.scenes.mountains import paint_mountains
from generator.starter.scenes.palette import NAMED, Rgb, vary
from generator.starter.scenes.patterns import paint_pattern, paint_plain
from generator.starter.scenes.rows import Placed
from generator.starter.scenes.sky import paint_sky
from generator.starter.scenes.space import paint_space
from generator.starter.scenes.stage import MANNERS, Stage, set_stage
from generator.starter.scenes.styles import finish, pixel_size, pixelate
from generator.starter.scenes.table import paint_table
from generator.starter.scenes.trees import paint_forest
from generator.starter.scenes.water import paint_water, reflect
from generator.starter.scenes.weather import paint_weather

STAGES = ("sky", "land", "subjects", "light", "finish")
FARS: dict[Far, Callable[[Stage, Layer], None]] = {
    "mountains": paint_mountains,
    "hills": paint_hills,
    "forest": paint_forest,
    "dunes": paint_dunes,
    "city": paint_city,
}
GROUNDS: dict[Ground, tuple[Callable[[Stage], None], ...]] = {
    "meadow": (paint_meadow,),
    "field": (paint_meadow, paint_field),
    "sea": (paint_water,),
    "lake": (paint_water, paint_banks),
    "beach": (paint_water, paint_beach),
    "desert": (paint_sand,),
    "road": (paint_road,),
    "table": (paint_table,),
    "space": (paint_space,),
    "underwater": (paint_deep,),
    "plain": (paint_plain,),
    "pattern": (paint_pattern,),
}


def render(scene: Scene, width: int, height: int) -> Image.Image:
    """The whole picture at once, RGB."""
    image = Image.new("RGB", (width, height))
    for step in paint(scene, width, height):
        image = step
    return image


def paint(scene: Scene, width: int, height: int) -> Iterator[Image.Image]:
    """The picture after each of `STAGES`; only the last is finished and of the asked size."""
    cells = pixel_size(width, height) if scene.style == "pixel" else (width, height)
    canvas = Canvas(*cells, MANNERS.get(scene.style, "solid"), _factor(*cells))
    stage = set_stage(scene, canvas)
    if scene.is_outdoors:
        paint_sky(stage)
    yield canvas.image
    paint_land(stage)
    yield canvas.image
    paint_subjects(stage)
    yield canvas.image
    paint_weather(stage)
    yield canvas.image
    done = finish(canvas.finished(), scene)
    yield pixelate(done, width, height) if scene.style == "pixel" else done


def hearts(scene: Scene, width: int, height: int) -> list[tuple[int, int, int]]:
    """For every thing its subject's number and the pixel, x and y, that shows its own colour if nothing hides it."""
    canvas = Canvas(width, height, "solid", 1)
    stage = set_stage(scene, canvas)
    placed = compose(scene, stage.width, stage.height, stage.horizon)
    return [(item.subject, int(item.heart[0] * canvas.unit), int(item.heart[1] * canvas.unit)) for item in placed]


def paint_land(stage: Stage) -> None:
    """Far layers, then the ground."""
    for layer in stage.scene.far:
        FARS[layer.kind](stage, layer)
    ground = stage.scene.ground
    for painter in GROUNDS[ground]:
        painter(stage)


def paint_subjects(stage: Stage) -> None:
    """Every thing in its place, the farthest first."""
    for item in compose(stage.scene, stage.width, stage.height, stage.horizon):
        pen = stage.pen.at(item.x, item.y, item.height, mirrored=item.mirrored)
        if home_of(stage.scene, item.kind) == "water" and stage.is_solid:
            reflect(stage, pen, item, look_of(stage.scene, item))
        item.kind.draw(pen, look_of(stage.scene, item))


def look_of(scene: Scene, item: Placed) -> Look:
    """The colours of one thing; things of one subject differ a little, as hand-made things do."""
    subject = scene.subjects[item.subject]
    dice = throw(scene.seed, f"look {item.subject} {item.number}")
    shared = throw(scene.seed, f"colour {item.subject}")
    usual: Colour = shared.choice(KINDS[subject.kind].colours)
    second: Rgb | None = NAMED[subject.second] if subject.second else None
    return Look(
        vary(dice, NAMED[subject.colour or usual], 0.04),
        second,
        dice,
        scene.season,
        scene.is_snowy,
        subject.smiling,
        subject.count,
    )


def _factor(width: int, height: int) -> int:
    """How many times larger to paint: small pictures need more for clean edges, large ones can afford less."""
    area = width * height
    if area <= 256 * 256:
        return 4
    return 3 if area <= 448 * 448 else 2
