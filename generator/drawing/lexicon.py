"""The vocabulary of the drawing engine, as plain tables: for each meaning the words that have it."""

from collections.abc import Mapping

from generator.starter.scenes.description import (
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

COLOUR_WORDS: Mapping[Colour, str] = {
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
SIZE_WORDS: Mapping[Size, str] = {
    "small": "small little tiny mini miniature baby",
    "medium": "medium",
    "big": "big large huge giant enormous tall great gigantic massive",
}
TIME_WORDS: Mapping[Time, str] = {
    "day": "day daytime daylight noon midday afternoon sunny",
    "sunset": "sunset dusk evening sundown twilight",
    "dawn": "dawn sunrise morning daybreak",
    "night": "night nighttime midnight nocturnal dark moonlit moonlight starlit starry",
}
WEATHER_WORDS: Mapping[Weather, str] = {
    "clear": "clear cloudless",
    "cloudy": "cloudy overcast clouded",
    "rain": "rain rainy raining drizzle",
    "snow": "snow snowy snowing snowfall snowflake blizzard snowcovered",
    "fog": "fog foggy mist misty haze hazy",
}
SEASON_WORDS: Mapping[Season, str] = {
    "spring": "spring springtime blossoming",
    "summer": "summer summertime",
    "autumn": "autumn fall autumnal",
    "winter": "winter wintry frozen icy",
}
STYLE_WORDS: Mapping[Style, str] = {
    "flat": "flat vector minimal minimalist",
    "watercolor": "watercolor watercolour aquarelle gouache",
    "pixel": "pixel pixelart pixelated 8bit 16bit",
    "line": "lineart sketch sketched monochrome",
    "neon": "neon synthwave glowing cyberpunk vaporwave",
}
FAR_WORDS: Mapping[Far, str] = {
    "mountains": "mountain peak summit alp ridge",
    "hills": "hill hillside valley countryside",
    "city": "city skyline skyscraper building downtown metropolis town cityscape",
    "forest": "forest wood jungle woodland",
    "dunes": "dune",
}
GROUND_WORDS: Mapping[Ground, str] = {
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
PATTERN_WORDS: Mapping[Pattern, str] = {
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
BODY_WORDS: Mapping[Body, str] = {"sun": "sun sunshine sunlight", "moon": "moon fullmoon", "crescent": "crescent"}
WHERE_WORDS: Mapping[Where, str] = {
    "left": "left leftof",
    "right": "right rightof",
    "above": "above over ontop atop",
    "below": "below under beneath underneath",
    "inside": "inside within",
    "beside": "beside alongside near by nextto close",
    "before": "infront before",
    "behind": "behind",
}
COUNT_WORDS: Mapping[str, str] = {
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
SUBJECT_WORDS: Mapping[str, str] = {
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
PART_WORDS: Mapping[str, str] = {
    "second": "roof hull ring band belly trim scarf hat ear basket",
    "first": "sail leaf petal wall wing fur coat feather crown cap",
    "none": "window door chimney eye tail path fence light lamp trunk stem flame smoke reflection shadow paw whisker",
}
SKY_WORDS: Mapping[str, str] = {
    "sky": "sky",
    "star": "skystar starlight",
    "cloud": "cloud",
    "rainbow": "rainbow",
    "aurora": "aurora",
}
MOOD_WORDS: Mapping[str, str] = {
    "rough": "stormy rough wavy choppy stormlike storm wave",
    "calm": "calm quiet still peaceful tranquil serene",
    "snowcap": "snowcapped",
    "smiling": "smiling happy cheerful joyful",
}
# Words that are understood and change nothing.
FILLER_WORDS = """
the ink this that these those some of at during it its his her their is are was were be being has have having
which who whose while as to from for out up down off into onto through across along around among between
against side middle center centre top bottom style styled art artwork picture image photo photograph
photography drawing painting illustration render rendering scene view design graphic graphics poster wallpaper
print i me my we our you please draw paint make show create generate want give beautiful
pretty lovely nice gorgeous stunning amazing awesome great best cute adorable simple detailed highly very
really quite extremely ultra super masterpiece quality hd uhd 4k 8k hdr high resolution res trending
artstation professional cinematic epic vibrant colorful colourful bright soft warm cool light lighting lit
shining shiny standing sitting running swimming flying sailing floating walking looking sleeping resting lying
growing rising setting set falling shine shines stand stands sit sits fly flies sail sails swim swims float
floats run runs walk walks look looks there where when full half lots plenty  wide angle panorama
panoramic aerial distant distance far away deep rolling lush fresh old ancient modern new young wild rural
rustic cozy cosy magical dreamy whimsical atmospheric time hour year sort kind type like just only also too
then here made using use shape shaped colour color colored coloured
"""
