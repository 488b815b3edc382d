"""Several words, or one small picture, that mean the same as one word of the lexicon."""

from collections.abc import Mapping

_PHRASES = """
16bit: 16 bit
8bit: 8 bit
two: a couple of, a pair of, couple of, pair of
several: a few
many: a lot of, lots of
balloon: air balloon, hot air balloon
aurora: aurora borealis, northern lights
blackandwhite: black and white
lineart: black and white drawing, black and white line, ink drawing, line art, line drawing, line
    illustration, pen drawing, pencil drawing
dusk: blue hour
checkered: checkered pattern
city: city skyline
nextto: close to, next to
ringpattern: concentric circles, concentric rings
crescent: crescent moon, half moon, new moon
dstripes: diagonal lines, diagonal stripes
morning: early morning
fieldof: field of, fields of
pine: fir tree, pine tree
pines: fir trees, pine trees
boat: fishing boat, rowing boat
flat: flat design
fullmoon: full moon
sunset: golden hour, late afternoon
hstripes: horizontal lines, horizontal stripes
balloons: hot air balloons
infront: in front of
leftof: left of, left side of, on the left of, to the left of
lighthouse: light house
starry: milky way, night sky, starry night, starry sky
mountains: mountain range, mountain ranges
neon: neon lights, neon lines
rightof: on the right of, right of, to the right of
ontop: on top of
space: outer space
palm: palm tree
palms: palm trees
forest: pine forest
pixelart: pixel art
dot: polka dot
dots: polka dots
boats: rowing boats
sailboat: sail boat, sailing boat
sailboats: sail boats, sailing boats
snowcapped: snow capped, snow topped
snow: snow covered
trianglepattern: triangle pattern
underwater: under the sea, under the water, under water
vector: vector art
stripes: vertical lines, vertical stripes
watercolor: water color, water colour
wavepattern: wavy lines
windmill: wind mill
zigzag: zigzag lines
"""
_EMOJI = """
cat=🐱🐈 dog=🐶🐕 fox=🦊 bear=🐻 rabbit=🐰🐇 deer=🦌 owl=🦉 bird=🐦 fish=🐟🐠 butterfly=🦋 whale=🐳🐋 swan=🦢 duck=🦆
house=🏠🏡 castle=🏰 church=⛪ pine=🌲 tree=🌳 palm=🌴 cactus=🌵 mushroom=🍄 apple=🍎 flower=🌸 rose=🌹 tulip=🌷
sunflower=🌻 crescent=🌙 moon=🌕 star=⭐ sun=☀🌞 rainbow=🌈 cloud=☁ rain=🌧 snow=❄ snowman=⛄ mountains=🏔⛰
sea=🌊 island=🏝 sailboat=⛵ ship=🚢 rocket=🚀 planet=🪐 balloon=🎈 car=🚗 robot=🤖 cup=☕ heart=❤ city=🌆🌃
desert=🏜 tent=⛺
"""


def _phrases() -> tuple[tuple[tuple[str, ...], str], ...]:
    unbroken = _PHRASES.replace("\n    ", " ").strip().splitlines()
    pairs = [
        (tuple(phrase.split()), meaning)
        for meaning, phrases in (line.split(": ") for line in unbroken)
        for phrase in phrases.split(", ")
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


# Longest first, so that "pine forest" is not a pine.
PHRASES = _phrases()
EMOJI: Mapping[str, str] = {
    sign: word for word, signs in (entry.split("=") for entry in _EMOJI.split()) for sign in signs
}
