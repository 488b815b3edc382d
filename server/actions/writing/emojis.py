"""Custom emoji: those that peers bring are kept, ours are made, found in texts, and told. It must not open pictures."""

from collections.abc import Sequence

from activitypub.emoji import NAME, Emoji, find_names
from server.actions.writing.remove import remove_file
from server.ids import iso, parse_iso
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.writing import emojis
from server.store.writing.emojis import OURS, CustomEmoji

# What apps load whole when they open their keyboard.
MAX_OURS = 2_000
CATEGORY_LETTERS_AT_MOST = 100


async def keep_emoji(tx: Transaction, site: Site, host: str, found: Sequence[Emoji], *, overwrite: bool = True) -> None:
    """Keep the emoji that somebody of `host` wrote; without `overwrite` those that are known stay as they are."""
    now = site.clock.now()
    rows = [
        CustomEmoji(site.ids.new(), host, one.name, one.icon_url, None, None, min(parse_iso(one.updated) or now, now))
        for one in found
    ]
    await emojis.keep(tx, host, rows, overwrite=overwrite)


async def add_emoji(tx: Transaction, site: Site, name: str, file_key: str, *, category: str | None = None) -> None:
    """Make one of our emoji, or give it another picture.

    Raises:
        Invalid: it cannot be called so, or there are too many.
    """
    check_name(name)
    before = (await emojis.find_named(tx, OURS, [name])).get(name)
    if before is None and await emojis.count(tx, OURS) >= MAX_OURS:
        raise Invalid(f"There are at most {MAX_OURS} emoji.", field="name")
    kept = before.category if before and category is None else (category or "")[:CATEGORY_LETTERS_AT_MOST] or None
    now = site.clock.now()
    await emojis.put(tx, CustomEmoji(site.ids.new(), OURS, name, None, file_key, kept, now))
    if before is not None and before.file_key not in (None, file_key):
        await remove_file(tx, site, str(before.file_key))


async def remove_emoji(tx: Transaction, site: Site, name: str) -> None:
    """Forget one of our emoji. Raises NotFound."""
    before = (await emojis.find_named(tx, OURS, [name])).get(name)
    if before is None:
        raise NotFound(f"There is no emoji :{name}:.")
    await emojis.drop(tx, OURS, name)
    if before.file_key is not None:
        await remove_file(tx, site, before.file_key)


def check_name(name: str) -> None:
    """Raise Invalid for what cannot be the name of one of ours; peers understand letters, digits and _."""
    if not NAME.fullmatch(name) or "+" in name or "-" in name or len(name) < 2:
        raise Invalid(f"An emoji has a name of 2 to 64 letters, digits and _, not {name[:80]!r}.", field="name")


async def find_own(reader: Reader, site: Site, *texts: str | None) -> tuple[Emoji, ...]:
    """Return those of our emoji that stand in texts of our people."""
    names = find_names(*texts)
    known = await emojis.find_named(reader, OURS, names)
    return tuple(describe(site, known[name]) for name in names if name in known)


async def find_own_named(reader: Reader, site: Site, name: str) -> Emoji | None:
    """Return one of our emoji."""
    known = (await emojis.find_named(reader, OURS, [name])).get(name)
    return describe(site, known) if known is not None else None


def describe(site: Site, one: CustomEmoji) -> Emoji:
    """Return one of ours as peers are told of it."""
    return Emoji(f":{one.name}:", icon_address(site, one), site.emoji_uri(one.name), iso(one.updated_at))


def icon_address(site: Site, one: CustomEmoji) -> str | None:
    """Return where the picture of an emoji is."""
    return site.media_url(one.file_key) if one.file_key else one.icon_url
