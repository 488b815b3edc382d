"""Makes and changes somebody's filters. It must not match; `filtering` does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from server.actions.ties.filtering import PLACES
from server.actions.writing.spread import emit
from server.ids import MICROSECONDS
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor
from server.store.reading import filters
from server.store.reading.filters import Filter, FilteredPost, Keyword, WholeFilter

ACTIONS = ("warn", "hide", "blur")
# Every post that somebody reads is searched for all words of all their filters: a page of forty for 500 takes 20 ms.
FILTERS_AT_MOST = 200
KEYWORDS_AT_MOST = 500
# They are read with every list of posts.
POSTS_AT_MOST = 500
TOO_MANY_WORDS = f"Your filters may have {KEYWORDS_AT_MOST} words together."
# Longer is for ever.
LONGEST_SECONDS = 100 * 365 * 86_400
KEYWORD_AT_MOST = 512
TITLE_AT_MOST = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChange:
    """What a filter is to be; None leaves it as it is. `seconds` from now, 0 for ever."""

    title: str | None = None
    places: tuple[str, ...] | None = None
    action: str | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordChange:
    """A keyword to add (no `id`), to change, or to take away (`gone`)."""

    id: int | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    gone: bool = False


async def make_filter(
    tx: Transaction, site: Site, actor: Actor, change: FilterChange, words: Sequence[KeywordChange] = ()
) -> WholeFilter:
    """Make a filter.

    Raises:
        Invalid: it has no title or place, an unknown place or action, or there are too many.
    """
    if len(await filters.list_of_actor(tx, actor.id)) >= FILTERS_AT_MOST:
        raise Invalid("You have too many filters.")
    empty = Filter(site.ids.new(), actor.id, "", "[]", "warn", None, site.clock.now())
    await filters.add(tx, _apply(site, empty, change))
    await _change_words(tx, site, actor, empty.id, words)
    await _tell(tx, site, actor)
    return await find_filter(tx, actor, empty.id)


async def change_filter(
    tx: Transaction, site: Site, actor: Actor, filter_id: int, change: FilterChange, words: Sequence[KeywordChange] = ()
) -> WholeFilter:
    """Change a filter and its words; raises like `make_filter`, and NotFound where it is not one of the actor's."""
    known = await find_filter(tx, actor, filter_id)
    await filters.replace(tx, _apply(site, known.filter, change))
    await _change_words(tx, site, actor, filter_id, words)
    await _tell(tx, site, actor)
    return await find_filter(tx, actor, filter_id)


async def remove_filter(tx: Transaction, site: Site, actor: Actor, filter_id: int) -> None:
    """Forget a filter. Raises NotFound."""
    if not await filters.drop(tx, actor.id, filter_id):
        raise NotFound("There is no such filter.")
    await _tell(tx, site, actor)


async def add_keyword(tx: Transaction, site: Site, actor: Actor, filter_id: int, change: KeywordChange) -> Keyword:
    """Have a filter look for a word more; raises like `change_filter`."""
    await find_filter(tx, actor, filter_id)
    if await _count_words(tx, actor) >= KEYWORDS_AT_MOST:
        raise Invalid(TOO_MANY_WORDS)
    word = _new_word(site, filter_id, change)
    await filters.add_keyword(tx, word)
    await _tell(tx, site, actor)
    return word


async def change_keyword(tx: Transaction, site: Site, actor: Actor, keyword_id: int, change: KeywordChange) -> Keyword:
    """Change a word; raises like `change_filter`."""
    word = _apply_word(await find_keyword(tx, actor, keyword_id), change)
    await filters.replace_keyword(tx, word)
    await _tell(tx, site, actor)
    return word


async def remove_keyword(tx: Transaction, site: Site, actor: Actor, keyword_id: int) -> None:
    """Forget a word. Raises NotFound."""
    await filters.drop_keyword(tx, (await find_keyword(tx, actor, keyword_id)).id)
    await _tell(tx, site, actor)


async def add_post(tx: Transaction, site: Site, actor: Actor, filter_id: int, post_id: int) -> FilteredPost:
    """Have a filter name a post. Raises NotFound, or Invalid where the actor's filters name too many."""
    found = await find_filter(tx, actor, filter_id)
    if sum(len(one.posts) for one in await filters.list_of_actor(tx, actor.id)) >= POSTS_AT_MOST:
        raise Invalid(f"Your filters may name {POSTS_AT_MOST} posts together.")
    known = next((one for one in found.posts if one.post_id == post_id), None)
    entry = known or FilteredPost(site.ids.new(), filter_id, post_id)
    await filters.add_post(tx, entry)
    await _tell(tx, site, actor)
    return entry


async def remove_post(tx: Transaction, site: Site, actor: Actor, entry_id: int) -> FilteredPost:
    """Take a post out of a filter. Raises NotFound."""
    entry = await find_entry(tx, actor, entry_id)
    await filters.drop_post(tx, entry.id)
    await _tell(tx, site, actor)
    return entry


async def find_filter(reader: Reader, actor: Actor, filter_id: int) -> WholeFilter:
    """Find one of an actor's filters. Raises NotFound."""
    found = await filters.find(reader, actor.id, filter_id)
    if found is None:
        raise NotFound("There is no such filter.")
    return found


async def find_keyword(reader: Reader, actor: Actor, keyword_id: int) -> Keyword:
    """Find a word of an actor's filters. Raises NotFound."""
    found = await filters.find_keyword(reader, actor.id, keyword_id)
    if found is None:
        raise NotFound("There is no such keyword.")
    return found


async def find_entry(reader: Reader, actor: Actor, entry_id: int) -> FilteredPost:
    """Find a post's entry in an actor's filters. Raises NotFound."""
    found = await filters.find_post(reader, actor.id, entry_id)
    if found is None:
        raise NotFound("No filter names this post.")
    return found


async def _tell(tx: Transaction, site: Site, actor: Actor) -> None:
    """Clients that listen read the filters anew."""
    await emit(tx, site, "filters_changed", actor_id=actor.id)


async def _change_words(
    tx: Transaction, site: Site, actor: Actor, filter_id: int, words: Sequence[KeywordChange]
) -> None:
    if sum(word.id is None for word in words) + await _count_words(tx, actor) > KEYWORDS_AT_MOST:
        raise Invalid(TOO_MANY_WORDS)
    for word in words:
        if word.id is None:
            await filters.add_keyword(tx, _new_word(site, filter_id, word))
            continue
        known = await find_keyword(tx, actor, word.id)
        if known.filter_id != filter_id:
            raise NotFound("There is no such keyword.")
        if word.gone:
            await filters.drop_keyword(tx, known.id)
        else:
            await filters.replace_keyword(tx, _apply_word(known, word))


async def _count_words(reader: Reader, actor: Actor) -> int:
    return sum(len(one.keywords) for one in await filters.list_of_actor(reader, actor.id))


def _new_word(site: Site, filter_id: int, word: KeywordChange) -> Keyword:
    return _apply_word(Keyword(site.ids.new(), filter_id, "", whole_word=False), word)


def _apply(site: Site, known: Filter, change: FilterChange) -> Filter:
    title = known.title if change.title is None else change.title.strip()
    places = known.places if change.places is None else tuple(dict.fromkeys(change.places))
    action = known.action if change.action is None else change.action
    if not title or len(title) > TITLE_AT_MOST:
        raise Invalid(f"A filter needs a title of at most {TITLE_AT_MOST} characters.", field="title")
    if not places or not set(places) <= set(PLACES):
        raise Invalid(f"A filter holds in some of {', '.join(PLACES)}.", field="context")
    if action not in ACTIONS:
        raise Invalid(f"A filter does one of {', '.join(ACTIONS)}.", field="filter_action")
    changed = replace(known, title=title, contexts=msgspec.json.encode(places).decode(), action=action)
    if change.seconds is None:
        return changed
    lasts = 0 < change.seconds <= LONGEST_SECONDS
    until = site.clock.now() + change.seconds * MICROSECONDS if lasts else None
    return replace(changed, expires_at=until)


def _apply_word(known: Keyword, change: KeywordChange) -> Keyword:
    text = known.keyword if change.keyword is None else change.keyword.strip()
    if not text or len(text) > KEYWORD_AT_MOST:
        raise Invalid(f"A keyword has 1 to {KEYWORD_AT_MOST} characters.", field="keyword")
    return replace(known, keyword=text, whole_word=known.whole_word if change.whole_word is None else change.whole_word)
