"""Shows custom emoji as pictures in what people wrote. It must not decide which there are; the store knows.

Where one may stand, a template leaves a mark that nobody else can write; once the page is whole, all marks are looked
up with one question and become pictures, or the word again.
"""

import re
import secrets

from markupsafe import Markup, escape

from activitypub.emoji import IN_TEXT
from server.actions.network.shown_files import STILL, custom_emoji_url
from server.site import Site
from server.store.database import Database, Reader
from server.store.people.actors import Actor
from server.store.writing import emojis
from server.store.writing.emojis import OURS
from server.web.text import trust

# Made anew by each process: whoever could write a mark would write the markup around it.
_NONCE = secrets.token_hex(16)
_MARK = re.compile(rf"<!--{_NONCE} ([A-Za-z0-9.:\[\]-]*) ([A-Za-z0-9_+-]+)-->")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]*")
# In what the sanitiser wrote, quotes stand in pairs; a bracket inside them ends nothing.
_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")


def mark_words(text: str | None, author: Actor) -> Markup:
    """Return plain text, escaped, with marks where custom emoji of its author's server may stand."""
    return trust(_mark(str(escape(text or "")), author))


def mark_html(sanitised_html: str | None, author: Actor) -> Markup:
    """Return sanitised HTML with marks in its text."""
    parts = _TAG.split(sanitised_html or "")
    return trust("".join(part if place % 2 else _mark(part, author) for place, part in enumerate(parts)))


async def fill(database: Database, site: Site, page: str) -> str:
    """Return a page with pictures in place of its marks."""
    wanted = set(_MARK.findall(page))
    if not wanted:
        return page
    async with database.read() as reader:
        pictures = await _find(reader, site, wanted)
    return _MARK.sub(lambda found: pictures.get((found[1], found[2]), f":{found[2]}:"), page)


def _mark(escaped: str, author: Actor) -> str:
    host = OURS if author.local else author.host
    if ":" not in escaped or not _HOST.fullmatch(host):
        return escaped
    return IN_TEXT.sub(lambda found: f"<!--{_NONCE} {host} {found[1]}-->", escaped)


async def _find(reader: Reader, site: Site, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    found = await emojis.find_many(reader, {host for host, _ in wanted}, {name for _, name in wanted})
    shown = {}
    for one in found:
        address = custom_emoji_url(site, one)
        if address is not None:
            shown[one.host, one.name] = _picture(one.name, address, custom_emoji_url(site, one, STILL) or address)
    return shown


def _picture(name: str, address: str, still: str) -> str:
    """Who wants nothing to move is shown the one that stands still."""
    picture = (
        f'<img class="emoji-word" src="{escape(address)}" alt=":{name}:" title=":{name}:"'
        ' loading="lazy" decoding="async" referrerpolicy="no-referrer">'
    )
    if still == address:
        return picture
    source = f'<source media="(prefers-reduced-motion: reduce)" srcset="{escape(still)}">'
    return f"<picture>{source}{picture}</picture>"
