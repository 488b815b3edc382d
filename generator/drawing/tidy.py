"""A wish put in order: the unwanted goes, stars rise to the sky, flowers go into their vase. It chooses nothing."""

from generator.drawing.wish import Wish
from generator.starter.scenes.description import Colour, Relation
from generator.starter.scenes.flowers import BLOOMS

APART = frozenset({"left", "right", "beside", "below", "before", "behind"})  # not in the vase


def tidy(wish: Wish) -> None:
    """Bring a wish into the form in which each thing is named once and in its place."""
    _forget_unwanted(wish)
    _see_stars(wish)
    _gather_flowers(wish)
    _sow(wish)


def refuse(wish: Wish, negative: Wish) -> None:
    """Take what a negative prompt names out of a wish."""
    kinds = {asked.kind for asked in negative.subjects}
    wish.unwanted |= kinds | {layer.kind for layer in negative.far} | set(negative.grounds)
    wish.unwanted |= {name for name, named in (("cloud", negative.clouds), ("star", negative.stars)) if named}
    wish.unwanted |= {value for value in (negative.weather, negative.body) if value}


def _keep(wish: Wish, kept: list[int]) -> None:
    """Only the subjects with these numbers, and the relations between them."""
    places = {old: new for new, old in enumerate(kept)}
    wish.subjects = [wish.subjects[index] for index in kept]
    wish.relations = [
        Relation(places[relation.first], relation.where, places[relation.second])
        for relation in wish.relations
        if relation.first in places and relation.second in places
    ]


def _forget_unwanted(wish: Wish) -> None:
    _keep(wish, [index for index, asked in enumerate(wish.subjects) if asked.kind not in wish.unwanted])
    if any(asked.kind == "island" for asked in wish.subjects):  # its palm grows on it
        _keep(wish, [index for index, asked in enumerate(wish.subjects) if asked.kind != "palm"])
    wish.far = [layer for layer in wish.far if layer.kind not in wish.unwanted]
    wish.grounds = [ground for ground in wish.grounds if ground not in wish.unwanted]
    wish.weather = None if wish.weather in wish.unwanted else wish.weather
    wish.body = None if wish.body in wish.unwanted else wish.body
    wish.clouds &= "cloud" not in wish.unwanted
    wish.stars &= "star" not in wish.unwanted


def _see_stars(wish: Wish) -> None:
    """Several stars over a landscape, or in space, are the sky's; a star on its own or on a colour is a shape."""
    starry = wish.time == "night" or "space" in wish.grounds or wish.body or wish.far or len(wish.subjects) > 1
    if not starry or wish.background is not None:
        return
    shapes = [
        index
        for index, asked in enumerate(wish.subjects)
        if asked.kind != "star" or not asked.plural or asked.count is not None or asked.colours
    ]
    if len(shapes) < len(wish.subjects):
        _keep(wish, shapes)
        wish.stars = True


def _gather_flowers(wish: Wish) -> None:
    """Flowers named with one vase stand in it, unless they are said to be beside it; what is said of it is of both."""
    pair = _flowers_and_vase(wish)
    if pair is None:
        return
    bloom, place = pair
    flowers, vase = wish.subjects[bloom], wish.subjects[place]
    flowers.second = vase.colours[0] if vase.colours else flowers.second
    flowers.kind = "bouquet"
    wish.relations = [
        Relation(bloom if one.first == place else one.first, one.where, bloom if one.second == place else one.second)
        for one in wish.relations
        if {one.first, one.second} != {bloom, place}
    ]
    _keep(wish, [index for index in range(len(wish.subjects)) if index != place])


def _flowers_and_vase(wish: Wish) -> tuple[int, int] | None:
    """The numbers of the flowers and of the vase they stand in."""
    vases = [index for index, asked in enumerate(wish.subjects) if asked.kind == "vase"]
    blooms = [index for index, asked in enumerate(wish.subjects) if asked.kind in BLOOMS]
    for one in wish.relations:
        if one.where == "inside" and one.first in blooms and one.second in vases:
            return one.first, one.second
    if not vases or not blooms or (wish.subjects[vases[0]].count or 1) > 1:
        return None
    apart = any(one.where in APART and {one.first, one.second} == {blooms[0], vases[0]} for one in wish.relations)
    return None if apart else (blooms[0], vases[0])


def _sow(wish: Wish) -> None:
    """A field of flowers is the ground, not a subject."""
    flowers = [asked for asked in wish.subjects if asked.kind in BLOOMS]
    sown = [asked for asked in flowers if asked.plural and asked.count is None]
    if "field" not in wish.grounds or not sown:
        return
    usual: Colour | None = "yellow" if sown[0].kind == "sunflower" else None
    wish.ground_colour = sown[0].colours[0] if sown[0].colours else wish.ground_colour or usual
    _keep(wish, [index for index, asked in enumerate(wish.subjects) if asked is not sown[0]])
