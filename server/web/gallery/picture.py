"""The page of one post: the picture, how it came to be, who liked it, and what was answered."""

from dataclasses import dataclass, field

from markupsafe import Markup
from quart import Response

from activitypub.consent import Kind
from server.actions.network.look_up import ask_poll, ask_thread, is_poll_due, is_thread_due
from server.actions.network.shown_files import emoji_url
from server.actions.writing.compose import Person as Named
from server.actions.writing.compose import compose
from server.actions.writing.spoken import in_language
from server.site import Site
from server.store.database import Reader
from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions
from server.store.writing import consents, emojis, posts, quotes
from server.store.writing.emojis import OURS
from server.store.writing.posts import Post
from server.web import text
from server.web.answering.polls import find_poll
from server.web.gallery.cards import Card, gather, only_seen, post_path
from server.web.gallery.seen import find_seen
from server.web.visit import Route, Visit

# Faces under a picture; the number beside them tells the rest.
FACES = 24
REPLIES = 100
# Emoji that are counted and named. More kinds or names than a page can show would only make it slow.
EMOJI = 500
EMOJI_KINDS = 20
EMOJI_NAMES = 10
# One press away; every other is typed. Said of pictures, so mostly of eyes and paint.
OURS_OFFERED = 24
OFFERED = (
    ("❤️", "heart"),
    ("👏", "applause"),
    ("😍", "love it"),
    ("😂", "laughing"),
    ("😮", "amazed"),
    ("🎨", "palette"),
    ("🖼️", "framed picture"),
    ("✨", "sparkles"),
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a post quotes; `card` is None where it may not be shown, and `state` says why."""

    state: str
    card: Card | None


@dataclass(slots=True)
class Given:
    """One emoji under a picture, how often it was given, by whom (the first few), and whether by who looks."""

    text: str
    icon_url: str | None
    count: int = 0
    mine: bool = False
    names: list[str] = field(default_factory=list)


async def show_picture(visit: Visit, handle: str, post_id: int) -> Response:
    """Show one post with everything that belongs to it."""
    async with visit.web.services.database.read() as reader:
        post, author = await find_seen(reader, visit, post_id)
        if f"/@{handle}/{post_id}" != post_path(author, post):
            return visit.go(post_path(author, post))
        card = (await gather(reader, visit.site, [in_language(post, visit.languages)], visit.viewer_id))[0]
        around = await _around(reader, visit, card)
        # Strangers make us ask nobody.
        asks = visit.person is not None and not post.local
        due = asks and await is_thread_due(reader, visit.site, post)
        counts = asks and around["poll"] is not None and await is_poll_due(reader, visit.site, post)
    if due or counts:
        async with visit.web.services.database.write(durable=False) as tx:
            if due:
                await ask_thread(tx, visit.site, post)
            if counts:
                await ask_poll(tx, visit.site, post)
    return await visit.page("picture.html", {"card": card, "noindex": _is_hidden(card), **around})


async def _around(reader: Reader, visit: Visit, card: Card) -> dict[str, object]:
    """What stands around a picture on its page."""
    viewer = visit.person.actor if visit.person else None
    answers = await only_seen(reader, await posts.list_replies(reader, card.post.id, limit=REPLIES), viewer)
    return {
        "caption": await _caption(reader, visit.site, card),
        "parent": await _parent(reader, visit, card.post),
        "poll": await find_poll(reader, visit, card.post),
        "kept_back": await _why_kept_back(reader, card.post, viewer),
        "quote": await _quote(reader, visit, card.post),
        "likers": await _faces(reader, card.post, reactions.LIKE),
        "boosters": await _faces(reader, card.post, reactions.ANNOUNCE),
        "usual": await preferences.find(reader, viewer.id) if viewer else None,
        "emoji": await _emoji(reader, visit.site, card.post, visit.viewer_id),
        "offered": OFFERED,
        "ours": await emojis.list_of_host(reader, OURS, limit=OURS_OFFERED) if viewer else [],
        "replies": await gather(
            reader, visit.site, [in_language(one, visit.languages) for one in answers], visit.viewer_id
        ),
    }


async def _why_kept_back(reader: Reader, post: Post, viewer: Actor | None) -> str | None:
    """How the answered author stands to an answer of who looks, while nobody else may see it; None once they may."""
    if viewer is None or viewer.id != post.actor_id or post.in_reply_to_id is None:
        return None
    asked = await consents.find_pair(reader, Kind.REPLY, post.uri, post.in_reply_to_id)
    return asked.state if asked is not None and asked.state in (consents.PENDING, consents.REJECTED) else None


async def _faces(reader: Reader, post: Post, kind: str) -> list[Actor]:
    return [actor for _, _, actor in await reactions.list_of_post(reader, post.id, kind, limit=FACES)]


async def _emoji(reader: Reader, site: Site, post: Post, viewer_id: int | None) -> list[Given]:
    """The emoji that were given, the most given first."""
    kinds: dict[tuple[str, str | None], Given] = {}
    for given, actor in await emoji_reactions.list_of_post(reader, post.id, limit=EMOJI):
        first = Given(given.emoji, emoji_url(site, given.id, given.icon_url))
        kind = kinds.setdefault((given.emoji, given.icon_url), first)
        kind.count += 1
        kind.mine = kind.mine or actor.id == viewer_id
        if len(kind.names) < EMOJI_NAMES:
            kind.names.append(f"@{actor.handle}")
    return sorted(kinds.values(), key=lambda kind: -kind.count)[:EMOJI_KINDS]


def _is_hidden(card: Card) -> bool:
    """Search engines get what its author opened to them, and nothing of peers."""
    return not (card.open and card.author.indexable and card.author.local)


async def _caption(reader: Reader, site: Site, card: Card) -> Markup:
    """What the author wrote. A Note repeats prompt and origin for peers; the page has its own place for them."""
    if card.painted is None or card.post.source is None:
        return text.trust(card.post.content_html)
    named = [
        Named(one.name.removeprefix("@"), one.actor_uri, one.actor_uri)
        for one in await posts.list_mentions(reader, card.post.id)
    ]
    return text.trust(compose(site, card.post.source, named))


async def _quote(reader: Reader, visit: Visit, post: Post) -> Quoted | None:
    """What the post quotes, with its consent and only for who may see it; None where it quotes nothing."""
    quote = await quotes.find(reader, post.id)
    if quote is None:
        return None
    found = await posts.find(reader, quote.quoted_id) if quote.quoted_id and quote.state == quotes.ACCEPTED else None
    living = [found] if found is not None and found.deleted_at is None else []
    seen = await only_seen(reader, living, visit.person.actor if visit.person else None)
    cards = await gather(reader, visit.site, seen, visit.viewer_id)
    return Quoted(quote.state, cards[0] if cards else None)


async def _parent(reader: Reader, visit: Visit, post: Post) -> Card | None:
    """The post that this one answers, if the visitor may see it."""
    if post.in_reply_to_id is None:
        return None
    parent = await posts.find(reader, post.in_reply_to_id)
    if parent is None or parent.deleted_at is not None:
        return None
    seen = await only_seen(reader, [parent], visit.person.actor if visit.person else None)
    cards = await gather(reader, visit.site, seen, visit.viewer_id)
    return cards[0] if cards else None


ROUTES = (Route("GET", "/@<handle>/<id:post_id>", show_picture, "anyone"),)
