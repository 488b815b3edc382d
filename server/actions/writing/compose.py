"""Turns what our people write into the HTML of a Note. It must not look anybody up: mentions arrive resolved."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.site import Site

# A hashtag begins with a letter of any script; digits alone are no tag on Mastodon either.
_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'])"
    r"|(?<![\w/])@(?P<mention>[A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+(?::\d+)?)?)"
    r"|(?<![\w/&])#(?P<tag>\w*[^\W\d]\w*)"
)
_HASHTAG = re.compile(r"(?<![\w/&])#(\w*[^\W\d]\w*)")
_HANDLE = re.compile(r"(?<![\w/])@([A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+(?::\d+)?)?)")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a text, looked up: the handle as written (without the first @), their URI, page and inbox."""

    handle: str
    uri: str
    url: str


def find_handles(text: str) -> tuple[str, ...]:
    """Return the handles a text names, in order, once each, as written after the first @."""
    return tuple(dict.fromkeys(found.rstrip(".") for found in _HANDLE.findall(text)))


def find_hashtags(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text, in order, once each, without their sign."""
    unique = {tag.lower(): tag for tag in reversed(_HASHTAG.findall(text))}
    return tuple(reversed(unique.values()))


def compose(site: Site, text: str, people: Sequence[Person] = ()) -> str:
    """Return `text` as HTML: paragraphs, line breaks, links, mentions of `people` and hashtags; all else escaped."""
    known = {person.handle.lower(): person for person in people}
    # Browsers end the lines of a form with a carriage return too.
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(
        "<p>" + _link(site, paragraph, known).replace("\n", "<br>") + "</p>" for paragraph in paragraphs if paragraph
    )


def hashtag_link(site: Site, tag: str) -> str:
    """Return a hashtag the way Mastodon writes it."""
    address = html.escape(site.hashtag_url(tag.lower()))
    return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{html.escape(tag)}</span></a>'


def _link(site: Site, text: str, known: Mapping[str, Person]) -> str:
    written = []
    position = 0
    for found in _TOKEN.finditer(text):
        written.append(html.escape(text[position : found.start()]))
        written.append(_token(site, found, known))
        position = found.end()
    written.append(html.escape(text[position:]))
    return "".join(written)


def _token(site: Site, found: re.Match[str], known: Mapping[str, Person]) -> str:
    if address := found["url"]:
        shown = html.escape(address)
        return f'<a href="{shown}" rel="nofollow noopener">{shown}</a>'
    if tag := found["tag"]:
        return hashtag_link(site, tag)
    person = known.get(found["mention"].rstrip(".").lower())
    if person is None:
        return html.escape(found[0])
    name = html.escape(person.handle.partition("@")[0])
    rest = "." if found["mention"].endswith(".") else ""
    return (
        '<span class="h-card">'
        f'<a href="{html.escape(person.url)}" class="u-url mention">@<span>{name}</span></a></span>' + rest
    )
