"""Which emoji a reaction carries: a Unicode one, or a custom one with its picture. It must not fetch the picture."""

import re
import unicodedata
from dataclasses import dataclass

from activitypub import fields
from activitypub.context import EMOJI_TERMS
from activitypub.fields import Document
from activitypub.vocabulary import AS2, types_of

# A family of four with skin tones has 11 code points, the flag of Scotland 7.
MAX_UNICODE = 16
MAX_TAGS = 20  # a reaction carries one
MAX_CONTENT = 300
# Mastodon's names are letters, digits and _; Misskey adds the host, Pleroma + and -.
_SHORTCODE = re.compile(r":([A-Za-z0-9_+-]{1,64})(?:@[A-Za-z0-9.:-]{1,253})?:")
# Mastodon finds them where neither a letter nor a colon stands beside the colons, so that 10:30:15 is none.
IN_TEXT = re.compile(r"(?<![^\W_]):([A-Za-z0-9_+-]{2,64}):(?![^\W_])")
NAME = re.compile(r"[A-Za-z0-9_+-]{1,64}")
MAX_NAMES = 100  # T53: posts of real people have ten at most
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Emoji:
    """One emoji: itself, or `:name:` and the address of its picture.

    `id` is the address of its own document, `updated` when that changed, where those are known.
    """

    text: str
    icon_url: str | None = None
    id: str | None = None
    updated: str | None = None

    @property
    def name(self) -> str:
        """The name of a custom one, without its colons."""
        return self.text[1:-1]


def read_reaction(document: Document) -> Emoji | None:
    """Read the emoji of an EmojiReact, or of a Like that has one (Misskey); None where there is none to show."""
    content = fields.text(document, "content", MAX_CONTENT) or fields.text(document, "_misskey_reaction", MAX_CONTENT)
    if content is None:
        return None
    named = _SHORTCODE.fullmatch(content)
    if named is not None:
        return _find_custom(document, named[1])
    return Emoji(content) if _is_unicode_emoji(content) else None


def read_typed(text: str) -> str | None:
    """Read what somebody chose: a Unicode emoji as it is, a custom one as `:name:`; None where it is neither.

    Clients of Pleroma's API name a custom one without colons, and with its host.
    """
    text = text.strip()
    named = _SHORTCODE.fullmatch(text) or _SHORTCODE.fullmatch(f":{text}:")
    if named is not None:
        return f":{named[1]}:"
    return text if text and _is_unicode_emoji(text) else None


def find_names(*texts: str | None) -> tuple[str, ...]:
    """The names of custom emoji that texts may have, once each; HTML may stand there as well."""
    found = (name for text in texts if text for name in IN_TEXT.findall(text))
    return tuple(dict.fromkeys(found))[:MAX_NAMES]


def read_tags(document: Document) -> tuple[Emoji, ...]:
    """The custom emoji that a post or an actor brings along."""
    found = (read_tag(tag) for tag in fields.objects(document, "tag", MAX_NAMES) if "Emoji" in types_of(tag))
    return tuple(emoji for emoji in found if emoji is not None)


def read_tag(tag: Document) -> Emoji | None:
    """One custom emoji; None where its name or its picture cannot be used."""
    name = (fields.text(tag, "name", MAX_CONTENT) or "").strip(":")
    icon_url = fields.media_url(tag.get("icon"))
    if not NAME.fullmatch(name) or icon_url is None:
        return None
    return Emoji(f":{name}:", icon_url, fields.uri_of(tag), fields.date(tag, "updated"))


def build_tag(emoji: Emoji) -> Document:
    """The tag that tells peers the picture of a custom emoji."""
    tag: Document = {
        "id": emoji.id,
        "type": "Emoji",
        "name": emoji.text,
        "updated": emoji.updated,
        "icon": {"type": "Image", "mediaType": _icon_type(emoji.icon_url or ""), "url": emoji.icon_url},
    }
    return {name: value for name, value in tag.items() if value is not None}


def build_emoji(emoji: Emoji) -> Document:
    """The document of one of our custom emoji."""
    return {"@context": [AS2, EMOJI_TERMS], **build_tag(emoji)}


def _icon_type(url: str) -> str:
    return {"gif": "image/gif", "webp": "image/webp"}.get(url.rpartition(".")[2], "image/png")


def _find_custom(document: Document, name: str) -> Emoji | None:
    for tag in fields.objects(document, "tag", MAX_TAGS):
        named = _SHORTCODE.fullmatch(f":{(fields.text(tag, 'name', MAX_CONTENT) or '').strip(':')}:")
        icon_url = fields.media_url(tag.get("icon"))
        if "Emoji" in types_of(tag) and named is not None and named[1] == name and icon_url is not None:
            return Emoji(f":{name}:", icon_url)
    return None


def _is_unicode_emoji(text: str) -> bool:
    """Whether it is made of symbols alone: no words, no spaces, nothing that turns the direction of writing."""
    if len(text) > MAX_UNICODE:
        return False
    return _KEYCAP.fullmatch(text) is not None or (
        any(unicodedata.category(sign) in ("So", "Sm", "Po") for sign in text) and all(map(_may_stand, text))
    )


def _may_stand(sign: str) -> bool:
    if sign == _JOINER or "\U000e0020" <= sign <= "\U000e007f":  # tags spell the flags of countries' parts
        return True
    return not sign.isascii() and (unicodedata.category(sign) in ("So", "Sk", "Sm", "Po") or sign == "\ufe0f")
