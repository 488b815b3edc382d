"""From a prompt to a wish: which words belong together. It chooses nothing and draws nothing.

Adjectives wait until a noun takes them ("two small red" + "boats"); a relation waits until its second thing comes.
No prompt whatever makes it raise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from generator.drawing.phrases import PHRASES
from generator.drawing.tokens import STOPS, tokens
from generator.drawing.wish import Asked, Wish
from generator.drawing.words import Role, Word, look_up
from generator.starter.scenes.description import (
    MAX_COUNT,
    Body,
    Colour,
    Far,
    Ground,
    Layer,
    Pattern,
    Relation,
    Season,
    Size,
    Style,
    Time,
    Weather,
    Where,
)

# More subjects than this do not fit into one picture; the rest of the prompt is still read for light and weather.
MAX_SUBJECTS = 8
# A person reads a list of this many words; the page shows no more.
MAX_UNKNOWN = 24


def parse(prompt: str) -> Wish:
    """Everything in the prompt that can be drawn, and the words that cannot."""
    return _Reader(_joined(tokens(prompt))).read()


def _joined(words: list[str]) -> list[str]:
    """The words with known phrases replaced by their one word."""
    joined: list[str] = []
    place = 0
    while place < len(words):
        for phrase, word in PHRASES:
            if tuple(words[place : place + len(phrase)]) == phrase:
                joined.append(word)
                place += len(phrase)
                break
        else:
            joined.append(words[place])
            place += 1
    return joined


@dataclass(slots=True)
class _Waiting:
    """Adjectives on their way to a noun."""

    colours: list[Colour] = field(default_factory=list)
    count: int | None = None
    size: Size = "medium"
    smiling: bool = False
    snowy: bool = False
    unwanted: bool = False


class _Reader:
    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.wish = Wish()
        self.waiting = _Waiting()
        self.earlier: list[_Waiting] = []  # "three red and two" of "three red and two blue boats"
        self.relation: tuple[int, Where] | None = None
        self.is_on = False  # after "on", where a bare colour is a background
        self.roles: Mapping[Role, Callable[[Word], None]] = {
            "colour": self._colour,
            "count": self._count,
            "several": self._several,
            "size": self._size,
            "time": self._time,
            "weather": self._weather,
            "season": self._season,
            "style": self._style,
            "subject": self._subject,
            "far": self._far,
            "ground": self._ground,
            "pattern": self._pattern,
            "body": self._body,
            "sky": self._sky,
            "relation": self._relation,
            "on": self._on,
            "in": self._in,
            "part": self._part,
            "background": self._background,
            "without": self._without,
            "mood": self._mood,
        }

    def read(self) -> Wish:
        for token in self.words:
            if token in STOPS:
                self._pause()
            else:
                self._word(token)
        self._pause()
        return self.wish

    def _word(self, token: str) -> None:
        if token == "blackandwhite":  # noqa: S105 -- a phrase of the prompt
            self.waiting.colours += ["black", "white"]
            return
        word = look_up(token)
        if word is not None:
            handler = self.roles.get(word.role)
            if handler is not None:
                handler(word)
            return
        if token.isdecimal() and self.waiting.count is None and 0 < int(token[:6]) <= MAX_COUNT:
            self.waiting.count = int(token)
            return
        self._unknown(token)

    def _unknown(self, token: str) -> None:
        """Remember a word; its adjectives go with it, so that "a green dragon and a house" paints no green house."""
        if token not in self.wish.unknown and len(self.wish.unknown) < MAX_UNKNOWN:
            self.wish.unknown.append(token)

    def _pause(self) -> None:
        """The end of a phrase: colours nobody took are the background after "on", else the last subject's."""
        colours = self.waiting.colours
        last = self.wish.subjects[-1] if self.wish.subjects else None
        if colours and self.is_on:
            self.wish.background = colours[0]
        elif colours and last is not None and not last.colours:
            last.colours = list(colours)
        elif colours and last is None:
            self.wish.sky_colour = self.wish.sky_colour or colours[0]
        if self.relation is not None and len(self.wish.subjects) > 1 and self.relation[1] in ("left", "right"):
            first = len(self.wish.subjects) - 1
            self.wish.relations.append(Relation(first, self.relation[1], first - 1))
            self.relation = None
        self.waiting = _Waiting()
        self.is_on = False

    # Adjectives

    def _colour(self, word: Word) -> None:
        self.waiting.colours.append(cast(Colour, word.value))

    def _count(self, word: Word) -> None:
        if self.waiting.count is not None and self.waiting.colours:
            self.earlier.append(self.waiting)
            self.waiting = _Waiting()
        self.waiting.count = int(word.value)

    def _several(self, word: Word) -> None:
        self.waiting.count = int(word.value)

    def _size(self, word: Word) -> None:
        self.waiting.size = cast(Size, word.value)

    def _mood(self, word: Word) -> None:
        if word.value == "rough":
            self.wish.rough = True
        elif word.value == "snowcap":
            self.wish.snowcapped = True
        elif word.value == "smiling":
            self.waiting.smiling = True

    def _without(self, word: Word) -> None:
        self.waiting.unwanted = True

    # Air and time

    def _time(self, word: Word) -> None:
        self.wish.time = cast(Time, word.value)

    def _weather(self, word: Word) -> None:
        if not self._is_unwanted(word):
            self.wish.weather = cast(Weather, word.value)

    def _season(self, word: Word) -> None:
        self.wish.season = cast(Season, word.value)

    def _style(self, word: Word) -> None:
        self.wish.style = cast(Style, word.value)

    def _body(self, word: Word) -> None:
        taken = self._take(word)
        if taken is None:
            return
        body = cast(Body, word.value)
        # "crescent moon" has said which moon already.
        self.wish.body = "crescent" if body == "moon" and self.wish.body == "crescent" else body
        self.wish.body_colour = taken.colours[0] if taken.colours else self.wish.body_colour

    def _sky(self, word: Word) -> None:
        taken = self._take(word)
        if taken is None:
            return
        self.wish.stars |= word.value == "star"
        self.wish.clouds |= word.value == "cloud"
        self.wish.rainbow |= word.value == "rainbow"
        self.wish.aurora |= word.value == "aurora"
        if taken.colours and word.value in ("sky", "cloud"):
            self.wish.sky_colour = taken.colours[0]

    # Places

    def _far(self, word: Word) -> None:
        taken = self._take(word)
        if taken is not None:
            colour = taken.colours[0] if taken.colours else None
            self.wish.far.append(Layer(cast(Far, word.value), colour, taken.snowy))

    def _ground(self, word: Word) -> None:
        taken = self._take(word)
        if taken is not None:
            self.wish.grounds.append(cast(Ground, word.value))
            self.wish.ground_colour = taken.colours[0] if taken.colours else self.wish.ground_colour

    def _background(self, word: Word) -> None:
        taken = self._take(word)
        if taken is not None and taken.colours:
            self.wish.background = taken.colours[0]

    def _pattern(self, word: Word) -> None:
        taken = self._take(word)
        if taken is None:
            return
        self.wish.pattern = cast(Pattern, word.value)
        if taken.colours:
            self.wish.ground_colour = taken.colours[0]
        if len(taken.colours) > 1:
            self.wish.second_colour = taken.colours[1]

    # Things and how they stand to each other

    def _subject(self, word: Word) -> None:
        if self._is_unwanted(word):
            return
        groups = [*self.earlier, self.waiting]
        self.waiting, self.earlier, self.is_on = _Waiting(), [], False
        for group in groups:
            if len(self.wish.subjects) == MAX_SUBJECTS:
                return
            second = group.colours[1] if len(group.colours) > 1 else None
            self.wish.subjects.append(
                Asked(word.value, group.colours[:1], second, group.count, word.plural, group.size, group.smiling)
            )
            self._related(len(self.wish.subjects) - 1)

    def _related(self, second: int) -> None:
        if self.relation is None:
            return
        first, where = self.relation
        self.relation = None
        if first < 0:
            first = second - 1
        if 0 <= first != second:
            self.wish.relations.append(Relation(first, where, second))

    def _relation(self, word: Word) -> None:
        self.relation = (len(self.wish.subjects) - 1, cast(Where, word.value))
        self.is_on = False

    def _on(self, word: Word) -> None:
        self.relation = (len(self.wish.subjects) - 1, "above")
        self.is_on = True

    def _in(self, word: Word) -> None:
        self.relation = (len(self.wish.subjects) - 1, "inside")
        self.is_on = True

    def _part(self, word: Word) -> None:
        """ "with a red roof" colours a part of the last subject, "with green leaves" the subject itself."""
        colours, self.waiting = self.waiting.colours, _Waiting()
        if not colours or not self.wish.subjects:
            return
        if word.value == "first" and not self.wish.subjects[-1].colours:
            self.wish.subjects[-1].colours = colours[:1]
        elif word.value in ("first", "second"):
            self.wish.subjects[-1].second = colours[0]

    def _take(self, word: Word) -> _Waiting | None:
        """The adjectives before a noun that is no subject; None when the noun is not wanted."""
        if self._is_unwanted(word):
            return None
        taken, self.waiting = self.waiting, _Waiting()
        self.earlier, self.relation, self.is_on = [], None, False
        return taken

    def _is_unwanted(self, word: Word) -> bool:
        if not self.waiting.unwanted:
            return False
        self.wish.unwanted.add(word.value)
        self.waiting = _Waiting()
        return True
