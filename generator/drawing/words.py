"""The words the drawing engine knows, each with what it means. Grammar is the parser's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.starter.scenes.description import (
    COLOURS,
    Body,
    Colour,
    Far,
    Ground,
    Pattern,
    Season,
    Size,
    Style,
    Time,
    Weather,
    Where,
)

Role = Literal[
    "colour", "count", "several", "size", "time", "weather", "season", "style", "subject", "far", "ground", "pattern", "body",
    "sky", "relation", "on", "in", "part", "background", "without", "and", "mood", "filler",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """What a word means; `value` is a name in the scene description."""

    role: Role
    value: str
    plural: bool = False


_COLOUR_WORDS: Mapping[Colour, str] = {
    "red": "red crimson scarlet ruby maroon burgundy",
    "orange": "orange amber tangerine ginger copper",
    "yellow": "yellow gold golden lemon blond blonde",
    "green": "green lime emerald olive mint jade",
    "teal": "teal turquoise cyan aqua aquamarine",
    "blue": "blue navy azure cobalt sapphire indigo",
    "purple": "purple violet lilac lavender mauve plum",
    "pink": "pink magenta fuchsia salmon coral rosy",
    "brown": "brown tan beige bronze chestnut sandy",
    "black": "black ebony",
    "white": "white ivory cream pale",
    "gray": "gray grey silver silvery",
}
_SIZE_WORDS: Mapping[Size, str] = {
    "small": "small little tiny mini miniature baby",
    "medium": "medium",
    "big": "big large huge giant enormous tall great gigantic massive",
}
_TIME_WORDS: Mapping[Time, str] = {
    "day": "day daytime daylight noon midday afternoon sunny",
    "sunset": "sunset dusk evening sundown twilight",
    "dawn": "dawn sunrise morning daybreak",
    "night": "night nighttime midnight nocturnal dark moonlit moonlight starlit starry",
}
_WEATHER_WORDS: Mapping[Weather, str] = {
    "clear": "clear cloudless",
    "cloudy": "cloudy overcast clouded",
    "rain": "rain rainy raining drizzle",
    "snow": "snow snowy snowing snowfall snowflake blizzard snowcovered",
    "fog": "fog foggy mist misty haze hazy",
}
_SEASON_WORDS: Mapping[Season, str] = {
    "spring": "spring springtime blossoming",
    "summer": "summer summertime",
    "autumn": "autumn fall autumnal",
    "winter": "winter wintry frozen icy",
}
_STYLE_WORDS: Mapping[Style, str] = {
    "flat": "flat vector minimal minimalist",
    "watercolor": "watercolor watercolour aquarelle gouache",
    "pixel": "pixel pixelart pixelated 8bit 16bit",
    "line": "lineart sketch sketched monochrome",
    "neon": "neon synthwave glowing cyberpunk vaporwave",
}
_FAR_WORDS: Mapping[Far, str] = {
    "mountains": "mountain peak summit alp ridge",
    "hills": "hill hillside valley countryside",
    "city": "city skyline skyscraper building downtown metropolis town cityscape",
    "forest": "forest wood jungle woodland",
    "dunes": "dune",
}
_GROUND_WORDS: Mapping[Ground, str] = {
    "meadow": "meadow grass garden lawn park landscape outside outdoors nature land ground",
    "field": "field flowerfield",
    "beach": "beach shore coast seaside",
    "sea": "sea ocean harbor harbour bay water",
    "lake": "lake pond river",
    "desert": "desert sahara sand",
    "road": "road street highway",
    "table": "table indoors desk",
    "space": "space galaxy cosmos universe nebula",
    "underwater": "underwater reef",
    "pattern": "",
    "plain": "",
}
_PATTERN_WORDS: Mapping[Pattern, str] = {
    "vertical stripes": "stripe",
    "horizontal stripes": "hstripe",
    "diagonal stripes": "dstripe",
    "dots": "dot polkadot",
    "checkers": "checker checkerboard chessboard checkered",
    "gradient": "gradient",
    "rings": "ringpattern",
    "waves": "wavepattern",
    "zigzag": "zigzag chevron",
    "triangles": "trianglepattern",
}
_BODY_WORDS: Mapping[Body, str] = {"sun": "sun sunshine sunlight", "moon": "moon fullmoon", "crescent": "crescent"}
_WHERE_WORDS: Mapping[Where, str] = {
    "left": "left leftof",
    "right": "right rightof",
    "above": "above over ontop atop",
    "below": "below under beneath underneath",
    "inside": "inside within",
    "beside": "beside alongside near by nextto close",
    "before": "infront before",
    "behind": "behind",
}
_COUNT_WORDS: Mapping[str, str] = {
    "1": "a an one 1 single lone lonely another",
    "2": "two 2 pair couple both twin",
    "3": "three 3 trio triple",
    "4": "four 4",
    "5": "five 5",
    "6": "six 6",
    "7": "seven 7",
    "8": "eight 8",
    "9": "nine 9",
}
_SUBJECT_WORDS: Mapping[str, str] = {
    "house": "house home cottage cabin hut",
    "barn": "barn farm farmhouse",
    "castle": "castle fortress palace",
    "tower": "tower",
    "windmill": "windmill mill",
    "church": "church chapel",
    "tent": "tent camp",
    "lighthouse": "lighthouse",
    "tree": "tree oak maple",
    "pine": "pine fir spruce conifer",
    "palm": "palm",
    "sailboat": "sailboat yacht",
    "boat": "boat rowboat canoe",
    "ship": "ship steamer ferry",
    "island": "island isle",
    "swan": "swan goose",
    "duck": "duck duckling",
    "whale": "whale",
    "cat": "cat kitten kitty",
    "fox": "fox",
    "dog": "dog puppy",
    "deer": "deer stag",
    "rabbit": "rabbit bunny hare",
    "bear": "bear teddy",
    "bird": "bird seagull gull sparrow robin",
    "owl": "owl",
    "butterfly": "butterfly moth",
    "plane": "plane airplane aeroplane aircraft",
    "kite": "kite",
    "balloon": "balloon",
    "flower": "flower daisy blossom poppy",
    "tulip": "tulip",
    "sunflower": "sunflower",
    "rose": "rose",
    "vase": "vase pot",
    "bouquet": "bouquet",
    "cactus": "cactus saguaro",
    "pyramid": "pyramid",
    "camel": "camel",
    "person": "person man human figure hiker traveler traveller wanderer",
    "woman": "woman girl lady",
    "child": "child boy kid",
    "snowman": "snowman",
    "apple": "apple",
    "cup": "cup mug coffee tea",
    "mushroom": "mushroom toadstool",
    "car": "car automobile",
    "robot": "robot android",
    "book": "book",
    "candle": "candle",
    "campfire": "campfire fire bonfire",
    "planet": "planet mars saturn jupiter",
    "rocket": "rocket spaceship spacecraft",
    "fish": "fish goldfish",
    "turtle": "turtle tortoise",
    "circle": "circle disc disk ball sphere",
    "square": "square",
    "triangle": "triangle",
    "star": "star",
    "heart": "heart",
    "hexagon": "hexagon",
    "diamond": "diamond rhombus",
}
_PART_WORDS: Mapping[str, str] = {
    "second": "roof hull ring band belly trim scarf hat ear basket",
    "first": "sail leaf petal wall wing fur coat feather crown cap",
    "none": "window door chimney eye tail path fence light lamp trunk stem flame smoke reflection shadow cloudless paw whisker",
}
_SKY_WORDS: Mapping[str, str] = {
    "sky": "sky",
    "star": "skystar starlight",
    "cloud": "cloud",
    "rainbow": "rainbow",
    "aurora": "aurora",
}
_MOOD_WORDS: Mapping[str, str] = {
    "rough": "stormy rough wavy choppy stormlike storm wave",
    "calm": "calm quiet still peaceful tranquil serene",
    "snowcap": "snowcapped",
    "smiling": "smiling happy cheerful joyful",
}
FILLERS = frozenset(
    """
    the this that these those some of at during it its his her their is are was were be being has have having
    which who whose while as to from for out up down off into onto through across along around among between against
    side middle center centre top bottom style styled art artwork picture image photo photograph photography drawing painting
    illustration render rendering scene view design graphic graphics poster wallpaper print background-free i me my we our you please draw paint make
    show create generate want give beautiful pretty lovely nice gorgeous stunning amazing awesome great best cute adorable simple
    detailed highly very really quite extremely ultra super masterpiece quality hd uhd 4k 8k hdr high resolution res trending
    artstation professional cinematic epic vibrant colorful colourful bright soft warm cool light lighting lit shining shiny
    standing sitting running swimming flying sailing floating walking looking sleeping resting lying growing rising setting set
    falling shine shines stand stands sit sits fly flies sail sails swim swims float floats run runs walk walks look looks there
    where when full half lots plenty small-scale wide angle panorama panoramic aerial distant distance far away deep rolling lush
    fresh old ancient modern new young wild rural rustic cozy cosy magical dreamy whimsical atmospheric
    time hour year sort kind type like just only also too then here made using use shape shaped colour color colored coloured
    """.split()
)
IRREGULAR: Mapping[str, str] = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "leaves": "leaf", "wolves": "wolf",
    "butterflies": "butterfly", "foxes": "fox", "cacti": "cactus", "geese": "goose", "mice": "mouse", "skies": "sky",
}  # fmt: skip
SAME_PLURAL = frozenset({"fish", "deer", "sheep"})
_NEVER_PLURAL = frozenset({"grass", "cosmos", "christmas", "lens", "moss", "glass", "this", "is", "its", "hers", "was", "has", "lots", "stands"})

# Several words with one meaning, longest first; the right side is a word of the tables above.
PHRASES: tuple[tuple[tuple[str, ...], str], ...] = tuple(
    sorted(
        (
            (tuple(phrase.split()), word)
            for phrase, word in {
                "hot air balloon": "balloon", "hot air balloons": "balloons", "air balloon": "balloon",
                "line art": "lineart", "line drawing": "lineart", "ink drawing": "lineart", "pen drawing": "lineart",
                "pencil drawing": "lineart", "black and white line": "lineart", "line illustration": "lineart",
                "black and white drawing": "lineart", "pixel art": "pixelart", "8 bit": "8bit", "16 bit": "16bit",
                "water color": "watercolor", "water colour": "watercolor", "neon lights": "neon", "neon lines": "neon",
                "flat design": "flat", "vector art": "vector", "palm tree": "palm", "palm trees": "palms",
                "pine tree": "pine", "pine trees": "pines", "fir tree": "pine", "fir trees": "pines",
                "pine forest": "forest", "sailing boat": "sailboat", "sailing boats": "sailboats",
                "sail boat": "sailboat", "sail boats": "sailboats", "rowing boat": "boat", "rowing boats": "boats",
                "fishing boat": "boat", "light house": "lighthouse", "full moon": "fullmoon",
                "crescent moon": "crescent", "half moon": "crescent", "new moon": "crescent",
                "northern lights": "aurora", "aurora borealis": "aurora", "next to": "nextto", "close to": "nextto",
                "left of": "leftof", "to the left of": "leftof", "on the left of": "leftof", "left side of": "leftof",
                "right of": "rightof", "to the right of": "rightof", "on the right of": "rightof",
                "in front of": "infront", "on top of": "ontop", "under water": "underwater", "under the sea": "underwater",
                "under the water": "underwater", "outer space": "space", "polka dot": "dot", "polka dots": "dots",
                "snow capped": "snowcapped", "snow covered": "snow", "snow topped": "snowcapped", "city skyline": "city",
                "mountain range": "mountains", "mountain ranges": "mountains", "a pair of": "two", "a couple of": "two",
                "pair of": "two", "couple of": "two", "a few": "several", "a lot of": "many", "lots of": "many",
                "horizontal stripes": "hstripes", "horizontal lines": "hstripes", "vertical lines": "stripes",
                "vertical stripes": "stripes", "diagonal stripes": "dstripes", "diagonal lines": "dstripes",
                "concentric circles": "ringpattern", "concentric rings": "ringpattern", "wavy lines": "wavepattern",
                "zigzag lines": "zigzag", "triangle pattern": "trianglepattern", "checkered pattern": "checkered",
                "night sky": "starry", "starry sky": "starry", "starry night": "starry", "milky way": "starry",
                "wind mill": "windmill", "field of": "fieldof", "fields of": "fieldof", "early morning": "morning",
                "late afternoon": "sunset", "golden hour": "sunset", "blue hour": "dusk", "black and white": "blackandwhite",
            }.items()
        ),
        key=lambda pair: -len(pair[0]),
    )
)  # fmt: skip


def _table() -> dict[str, Word]:
    table: dict[str, Word] = {word: Word("filler", word) for word in FILLERS}
    groups: tuple[tuple[Role, Mapping[str, str]], ...] = (
        ("part", _PART_WORDS),
        ("colour", {str(name): words for name, words in _COLOUR_WORDS.items()}),
        ("count", _COUNT_WORDS),
        ("size", {str(name): words for name, words in _SIZE_WORDS.items()}),
        ("time", {str(name): words for name, words in _TIME_WORDS.items()}),
        ("weather", {str(name): words for name, words in _WEATHER_WORDS.items()}),
        ("season", {str(name): words for name, words in _SEASON_WORDS.items()}),
        ("style", {str(name): words for name, words in _STYLE_WORDS.items()}),
        ("far", {str(name): words for name, words in _FAR_WORDS.items()}),
        ("ground", {str(name): words for name, words in _GROUND_WORDS.items()}),
        ("pattern", {str(name): words for name, words in _PATTERN_WORDS.items()}),
        ("body", {str(name): words for name, words in _BODY_WORDS.items()}),
        ("relation", {str(name): words for name, words in _WHERE_WORDS.items()}),
        ("sky", _SKY_WORDS),
        ("mood", _MOOD_WORDS),
        ("subject", _SUBJECT_WORDS),
    )
    for role, names in groups:
        for name, words in names.items():
            table.update({word: Word(role, name) for word in words.split()})
    table |= {
        "on": Word("on", "on"), "in": Word("in", "in"), "and": Word("and", "and"), "with": Word("filler", "with"),
        "several": Word("several", "3"), "many": Word("several", "5"), "no": Word("without", "no"),
        "without": Word("without", "no"), "background": Word("background", "background"),
        "backdrop": Word("background", "background"), "fieldof": Word("ground", "field"),
    }  # fmt: skip
    return table


WORDS: Mapping[str, Word] = _table()


def look_up(token: str) -> Word | None:
    """What a lower-case word means, whether it stands for one or for several; None for a word nobody taught us."""
    if token in WORDS:
        return WORDS[token]
    if token in _NEVER_PLURAL:
        return None
    if token in IRREGULAR and IRREGULAR[token] in WORDS:
        return _plural(WORDS[IRREGULAR[token]])
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        stem = token[: -len(ending)] + singular
        if token.endswith(ending) and len(stem) > 2 and stem in WORDS:
            return _plural(WORDS[stem])
    return None


def _plural(word: Word) -> Word:
    return Word(word.role, word.value, plural=True)


def vocabulary() -> tuple[str, ...]:
    """The words worth showing to somebody who asks what can be drawn."""
    shown = ("subject", "far", "ground", "pattern", "body", "sky", "time", "weather", "season", "style", "size")
    first = [*COLOURS, *(word for word, meaning in WORDS.items() if meaning.role in shown)]
    joined = {word for _, word in PHRASES}
    return tuple(dict.fromkeys(word for word in first if word not in joined or word in _PLAIN))


_PLAIN = frozenset({"balloon", "palm", "pine", "forest", "sailboat", "boat", "lighthouse", "crescent", "aurora", "underwater", "space",
                    "city", "windmill", "neon", "flat", "watercolor", "starry", "sunset", "dusk", "morning", "snow", "mountains"})  # fmt: skip
