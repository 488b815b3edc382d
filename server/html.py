"""HTML of others made harmless or searched, and plain text and HTML turned into each other.

It must not know whose text it is.
"""

import html
import re
from html.parser import HTMLParser

import nh3

# What Mastodon keeps (lib/sanitize_ext/sanitize_config.rb): a text that survives there survives here.
TAGS = {
    "p",
    "br",
    "span",
    "a",
    "del",
    "s",
    "pre",
    "blockquote",
    "code",
    "b",
    "strong",
    "u",
    "i",
    "em",
    "ul",
    "ol",
    "li",
} | {"ruby", "rt", "rp"}
ATTRIBUTES = {
    "*": {"class", "lang", "translate"},
    "a": {"href"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
# A link of another kind than these becomes text.
SCHEMES = {"http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini"}
# Nested blocks cost the parser the square of their number: this many take 0.1 s. Real posts have dozens.
MARKS_AT_MOST = 5000
ME_LINKS_AT_MOST = 5000
# Microformats, and the names by which peers mark mentions and hide the boring part of an address.
_CLASS = re.compile(r"(?:h|p|u|dt|e)-\S+|mention|hashtag|ellipsis|invisible|quote-inline")
# Bounded on both sides, so that a page of open brackets is read once and not once per bracket (T37).
_HEADING = re.compile(r"<(/?)h[1-6](?:\s[^<>]{0,500})?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<br\s{0,10}/?>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</(?:p|blockquote|pre|li)>", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]']")


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name != "class":
        return value
    return " ".join(part for part in value.split() if _CLASS.fullmatch(part)) or None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_keep_attribute,
    url_schemes=SCHEMES,
    url_relative="deny",
    link_rel="nofollow noopener",
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "math", "svg"},
)
_STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "template"})


def clean(text: str) -> str:
    """Return a peer's HTML with what may stay; headings become bold paragraphs, unknown elements their text."""
    if text.count("<") > MARKS_AT_MOST:
        return linkify(plain_text(text))
    return _CLEANER.clean(_HEADING.sub(lambda found: "</strong></p>" if found[1] else "<p><strong>", text))


def plain_text(text: str) -> str:
    """Return HTML as plain text: paragraphs and line breaks stay as such, all marks go."""
    if text.count("<") > MARKS_AT_MOST:
        return html.unescape(_TAG.sub(" ", text)).strip()
    spaced = _PARAGRAPH_END.sub("\n\n", _BREAK.sub("\n", text))
    return html.unescape(_STRIPPER.clean(spaced)).strip()


def linkify(text: str) -> str:
    """Return plain text of our own people as HTML: paragraphs, line breaks and links; everything else escaped."""
    paragraphs = (part for part in re.split(r"\n\s*\n", text.strip()) if part)
    return "".join(f"<p>{_link(part)}</p>" for part in paragraphs)


def find_me_links(page: str) -> set[str]:
    """Return the addresses that a page links to with rel="me"."""
    reader = _MeLinks()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError:
        # How the standard library's reader gives up on `<![`; what stood before it counts.
        pass
    return reader.found


class _MeLinks(HTMLParser):
    """Collects the addresses that a page calls `me`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of an `a` or `link` with rel="me"."""
        if tag not in ("a", "link") or self.seen >= ME_LINKS_AT_MOST:
            return
        self.seen += 1
        named = dict(attrs)
        if "me" in (named.get("rel") or "").lower().split() and named.get("href"):
            self.found.add(str(named["href"]).strip())


def _link(text: str) -> str:
    written, position = [], 0
    for found in _URL.finditer(text):
        address = html.escape(found[0])
        written.append(html.escape(text[position : found.start()]))
        written.append(f'<a href="{address}" rel="nofollow noopener">{address}</a>')
        position = found.end()
    written.append(html.escape(text[position:]))
    return "".join(written).replace("\n", "<br>")
