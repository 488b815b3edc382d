"""Gathers all that a list of posts is shown with, by a fixed number of queries. It must not decide how that looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from server.actions.painting.manifests import PaintedWith, read_manifest
from server.actions.ties.filtering import Match, match, matter_of
from server.actions.writing.see import find_seen
from server.mastodon.entities.basics import Account
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.showing.emoji import Shelf, host_of, stock
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import bookmarks, emoji_reactions, filters, reactions, showing, told_counts
from server.store.reading.emoji_reactions import Tally
from server.store.reading.showing import Ties
from server.store.reading.timelines import Entry
from server.store.reading.told_counts import PostCounts
from server.store.ties import muted_threads
from server.store.writing import generations, interactions, media, pins, polls, posts, quotes
from server.store.writing.interactions import Allowed
from server.store.writing.media import Media
from server.store.writing.polls import Poll
from server.store.writing.posts import Post
from server.store.writing.quotes import Quote, QuotePolicy


@dataclass(frozen=True, slots=True)
class Own:
    """What the viewer did with posts, as their ids."""

    reacted: frozenset[tuple[str, int]] = frozenset()
    bookmarked: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()
    muted: frozenset[int] = frozenset()
    choices: Mapping[int, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything by post id, but `people` and `hosts` by actor id, and `painted` by generation.

    `parents` says whose a post is, `hosts` under which host somebody's custom emoji are kept.
    """

    people: Mapping[int, Account]
    ties: Ties
    seen: frozenset[int]
    pictures: Mapping[int, Sequence[Media]]
    mentioned: Mapping[int, Sequence[Actor]]
    tags: Mapping[int, Sequence[str]]
    parents: Mapping[int, int]
    polls: Mapping[int, Poll]
    quotes: Mapping[int, Quote]
    quoted: Mapping[int, Post]
    policies: Mapping[int, QuotePolicy]
    rules: Mapping[int, Mapping[str, Allowed]]
    quote_counts: Mapping[int, int]
    painted: Mapping[int, PaintedWith]
    emoji: Mapping[int, Sequence[Tally]]
    hosts: Mapping[int, str]
    told: Mapping[int, PostCounts]
    shelf: Shelf
    own: Own
    matches: Mapping[int, Sequence[Match]]


async def gather(reader: Reader, site: Site, entries: Sequence[Entry], viewer: Actor | None) -> Facts:
    """Return what these lines are shown with to `viewer`."""
    shown = [entry.post for entry in entries]
    quoting = await quotes.list_of_posts(reader, [post.id for post in shown])
    quoted = await _find_quoted(reader, quoting.values())
    if quoted:
        quoting |= await quotes.list_of_posts(reader, list(quoted))
    every = list({post.id: post for post in (*shown, *quoted.values())}.values())
    ids = [post.id for post in every]
    people = await actors.find_many(
        reader, [*(post.actor_id for post in every), *(entry.boost.actor_id for entry in entries if entry.boost)]
    )
    there = [one for one in people.values() if one.gone_at is None and one.suspended_at is None]
    ties = await _find_ties(reader, site, viewer, people)
    seen = await find_seen(reader, every, people, viewer, ties)
    pictures = await media.list_of_posts(reader, ids)
    held = await polls.list_of_posts(reader, ids)
    hosts = {one.id: host_of(one) for one in people.values()}
    written = [(hosts[one.actor_id], texts_of(one, held.get(one.id))) for one in seen]
    return Facts(
        people=await show_by_id(reader, site, there),
        ties=ties,
        seen=frozenset(post.id for post in seen),
        pictures=pictures,
        mentioned=await showing.list_mentioned(reader, ids),
        tags=await showing.list_hashtags(reader, ids),
        parents=await _find_parents(reader, every),
        polls=held,
        quotes=quoting,
        quoted=quoted,
        policies=await quotes.list_policies(reader, ids),
        rules=await interactions.list_of_posts(reader, ids),
        quote_counts=await quotes.count_of_posts(reader, ids),
        painted=await _find_painted(reader, every),
        emoji=await emoji_reactions.tally(reader, ids, viewer.id if viewer else None),
        hosts=hosts,
        told=await told_counts.list_of_posts(reader, [one.id for one in every if not one.local]),
        shelf=await stock(reader, site, written),
        own=await _find_own(reader, viewer, ids, with_polls=bool(held)),
        matches=await _find_matches(reader, site, viewer, seen, pictures, held),
    )


def texts_of(post: Post, poll: Poll | None) -> list[str | None]:
    """Return all that may have custom emoji in a post."""
    return [post.content_html, post.summary, *([option.title for option in poll.options] if poll else [])]


async def _find_quoted(reader: Reader, quoting: Iterable[Quote]) -> dict[int, Post]:
    wanted = [one.quoted_id for one in quoting if one.quoted_id is not None and one.state == quotes.ACCEPTED]
    return await posts.find_many(reader, wanted) if wanted else {}


async def _find_ties(reader: Reader, site: Site, viewer: Actor | None, people: Mapping[int, Actor]) -> Ties:
    others = [one for one in people if viewer is None or one != viewer.id]
    if viewer is None or not others:
        return Ties()
    return await showing.find_ties(reader, viewer.id, others, now=site.clock.now())


async def _find_parents(reader: Reader, shown: Sequence[Post]) -> dict[int, int]:
    wanted = [post.in_reply_to_id for post in shown if post.in_reply_to_id is not None]
    return await showing.find_authors(reader, wanted) if wanted else {}


async def _find_painted(reader: Reader, shown: Sequence[Post]) -> dict[int, PaintedWith]:
    wanted = [post.generation_id for post in shown if post.generation_id is not None]
    made = await generations.find_many(reader, wanted) if wanted else {}
    read = {one.id: read_manifest(one.manifest) for one in made.values()}
    return {one: painted for one, painted in read.items() if painted is not None}


async def _find_own(reader: Reader, viewer: Actor | None, ids: Sequence[int], *, with_polls: bool) -> Own:
    if viewer is None:
        return Own()
    return Own(
        reacted=frozenset(await reactions.find_on_posts(reader, viewer.id, ids)),
        bookmarked=frozenset(await bookmarks.find_on_posts(reader, viewer.id, ids)),
        pinned=frozenset(await pins.find_on_posts(reader, viewer.id, ids)),
        muted=frozenset(await muted_threads.find_on_posts(reader, viewer.id, ids)),
        choices=await polls.list_choices(reader, viewer.id, ids) if with_polls else {},
    )


async def _find_matches(
    reader: Reader,
    site: Site,
    viewer: Actor | None,
    seen: Sequence[Post],
    pictures: Mapping[int, Sequence[Media]],
    held: Mapping[int, Poll],
) -> dict[int, list[Match]]:
    """Return the filters that posts meet, wherever they hold. Nobody's own posts are filtered."""
    if viewer is None:
        return {}
    now = site.clock.now()
    wanted = await filters.list_of_actor(reader, viewer.id, now=now)
    if not wanted:
        return {}
    found = {}
    for post in seen:
        texts = [one.alt for one in pictures.get(post.id, ())]
        texts += [option.title for option in held[post.id].options] if post.id in held else []
        matter = matter_of([post.id], post.content_html, summary=post.summary, descriptions=texts)
        if post.actor_id != viewer.id:
            found[post.id] = match(wanted, matter, place=None, now=now)
    return found
