"""A prompt as a list of words. It knows letters and signs, not meanings."""

import re
import unicodedata

from generator.drawing.phrases import EMOJI

# Nobody means more words than this; a prompt of 4,000 characters is still read in a few milliseconds.
MAX_TOKENS = 400
MAX_TOKEN_LENGTH = 40
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[,.;:!?]|[^\w\s]", re.UNICODE)
_JOINERS = "".join(map(chr, (0x200C, 0x200D, 0xFE0E, 0xFE0F)))
_SKIN = range(0x1F3FB, 0x1F400)
STOPS = frozenset(",.;:!?")


def tokens(prompt: str) -> list[str]:
    """Lower-case words, emoji as the words they show, and commas and stops as they are."""
    plain = unicodedata.normalize("NFKC", prompt).casefold()
    kept = "".join(sign for sign in plain if sign not in _JOINERS and ord(sign) not in _SKIN)
    found: list[str] = []
    for match in _TOKEN.finditer(kept):
        token = EMOJI.get(match.group(), match.group())
        if len(found) == MAX_TOKENS:
            break
        if token in STOPS or token[0].isalnum() or _is_picture(token):
            found.append(token.replace("’", "'").removesuffix("'s")[:MAX_TOKEN_LENGTH])
    return found


def _is_picture(sign: str) -> bool:
    """Whether a sign is an emoji or the like, which somebody meant; brackets and dashes are not."""
    return unicodedata.category(sign) == "So"
