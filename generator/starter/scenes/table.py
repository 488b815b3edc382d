"""A still life's room: a wall with soft light on it, and a table."""

from generator.starter.scenes.dice import throw
from generator.starter.scenes.palette import NAMED, Rgb, mix, shade
from generator.starter.scenes.stage import Stage

WALLS: tuple[Rgb, ...] = ((214, 222, 214), (232, 214, 200), (200, 214, 226), (226, 218, 196), (206, 196, 214))
WOODS: tuple[Rgb, ...] = ((176, 124, 82), (150, 102, 70), (198, 154, 110))


def paint_table(stage: Stage) -> None:
    """Wall, a slanting patch of window light, and a wooden table top."""
    dice = throw(stage.scene.seed, "table")
    asked = stage.scene.ground_colour
    wall, wood = dice.choice(WALLS), NAMED[asked] if asked else dice.choice(WOODS)
    pen, width, edge = stage.pen, stage.width, stage.horizon
    pen.box(-0.02, -0.02, width + 0.02, edge + 0.02, mix(wall, (255, 255, 255), 0.2), to=shade(wall, 0.9))
    x, slope = width * dice.uniform(0.05, 0.3), 0.3 * pen.light.side * -1
    for column in range(2):
        for row in range(2):
            left, top = x + column * 0.25, 0.1 + row * 0.25
            lean = slope * (top - 0.1)
            pane = [
                (left + lean, top),
                (left + 0.22 + lean, top),
                (left + 0.22 + lean + slope * 0.22, top + 0.22),
                (left + lean + slope * 0.22, top + 0.22),
            ]
            pen.polygon(pane, (255, 250, 226), alpha=0.4, edge="none")
    pen.box(-0.02, edge, width + 0.02, stage.height + 0.02, mix(wood, (255, 240, 214), 0.24), to=shade(wood, 0.78))
    pen.box(-0.02, edge, width + 0.02, edge + 0.012, mix(wood, (255, 244, 220), 0.45), edge="none")
    depth = stage.height - edge
    for index in range(9):
        y = edge + depth * (0.08 + 0.1 * index + dice.uniform(-0.02, 0.02))
        start = dice.uniform(-0.1, 0.6) * width
        pen.curve(
            [(start, y), (start + 0.25, y + dice.uniform(-0.006, 0.006)), (start + 0.6, y)],
            shade(wood, 0.8),
            0.003,
            alpha=0.5,
            edge="none",
        )
