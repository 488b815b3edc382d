"""Quotes: a post that shows another. It decides who may, by what the quoted author said. It must not fetch anything.

There is no asking yet (FEP-044f's QuoteRequest): our people's posts let quote at once or not at all, and a quote of a
peer's post whose author wants to be asked stays pending.
"""

from enum import StrEnum

from activitypub import activities as build
from activitypub.audience import Visibility, is_open
from activitypub.quoting import QuoteConsent
from activitypub.vocabulary import PUBLIC as EVERYBODY
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.writing.see import may_see_post
from server.actions.writing.spread import spread_edit
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import posts, quotes
from server.store.writing.posts import Post
from server.store.writing.quotes import (
    ACCEPTED,
    FOLLOWERS,
    NOBODY,
    PENDING,
    POLICIES,
    PUBLIC,
    REJECTED,
    REVOKED,
    QuotePolicy,
)


class Standing(StrEnum):
    """How somebody stands to quoting a post, in the words that clients know."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    DENIED = "denied"
    UNKNOWN = "unknown"


_STATES = {
    Standing.AUTOMATIC: ACCEPTED,
    Standing.MANUAL: PENDING,
    Standing.UNKNOWN: PENDING,
    Standing.DENIED: REJECTED,
}


async def may_quote(reader: Reader, quoted: Post, author: Actor, quoter: Actor, policy: QuotePolicy | None) -> Standing:
    """Whether `quoter`, who may see it, may quote a post of `author` with this policy (None: nothing was said)."""
    if quoted.visibility == Visibility.DIRECT:
        return Standing.DENIED
    if quoter.id == author.id:
        return Standing.AUTOMATIC
    if not is_open(Visibility(quoted.visibility)):
        return Standing.DENIED
    if policy is None:
        # Ours were written before anybody could say; a peer that knows no policies does not mind.
        return Standing.DENIED if author.local else Standing.UNKNOWN
    if await _is_among(reader, policy.automatic, author, quoter):
        return Standing.AUTOMATIC
    if await _is_among(reader, policy.manual, author, quoter):
        return Standing.MANUAL
    return Standing.DENIED


def check_policy(policy: str) -> QuotePolicy:
    """Read a policy as clients write it.

    Raises:
        Invalid: there is no such policy.
    """
    if policy not in POLICIES:
        raise Invalid(f"A quote policy is one of {', '.join(POLICIES)}.", field="quote_approval_policy")
    return QuotePolicy(policy)


def policy_for(visibility: Visibility, policy: str) -> QuotePolicy:
    """Return who may quote a new post: nobody else where not everybody may see it."""
    return check_policy(policy) if is_open(visibility) else QuotePolicy(NOBODY)


async def check_quote(tx: Transaction, quoted: Post, author: Actor, quoter: Actor) -> str:
    """Return the state of a quote that one of our people is about to make.

    Raises:
        NotFound: they may not see the post.
        Forbidden: its author does not want it.
    """
    if quoted.deleted_at is not None or not await may_see_post(tx, quoted, author, quoter):
        raise NotFound("There is no such post to quote.")
    standing = await may_quote(tx, quoted, author, quoter, await quotes.find_policy(tx, quoted.id))
    if standing is Standing.DENIED:
        raise Forbidden("The author of this post does not want it to be quoted.")
    return _STATES[standing]


async def keep_quote(tx: Transaction, site: Site, post: Post, by: Actor, quoted: Post, state: str) -> None:
    """Remember that a stored post quotes another, and tell that one's author."""
    await quotes.add(tx, post_id=post.id, quoted_uri=quoted.uri, state=state, at=site.clock.now())
    author = await actors.find(tx, quoted.actor_id)
    if author is not None and state == ACCEPTED:
        await notify(tx, site, author, "quote", by=by, post_id=post.id)


async def receive_quote(
    tx: Transaction, site: Site, post: Post, by: Actor, quoted_uri: str, *, fetch: bool = True
) -> None:
    """Remember that a peer's post quotes another, once; with `fetch` one that we do not have is fetched by a job."""
    if await quotes.find(tx, post.id) is not None:
        return
    quoted = await _find_quoted(tx, quoted_uri)
    if quoted is None:
        await quotes.add(tx, post_id=post.id, quoted_uri=quoted_uri, state=PENDING, at=site.clock.now())
        if fetch and not site.is_ours(quoted_uri):
            await site.queue.enqueue(tx, "quoted", {"post": post.id}, unique=f"quoted:{post.id}")
        return
    await keep_quote(tx, site, post, by, quoted, await _judge(tx, quoted, by))


async def settle_quotes(tx: Transaction, site: Site, quoted: Post) -> None:
    """Judge the quotes that waited for a post which is here now."""
    for post_id in await quotes.list_waiting(tx, quoted.uri):
        quoting = await posts.find(tx, post_id)
        by = await actors.find(tx, quoting.actor_id) if quoting else None
        if quoting is not None and by is not None:
            await quotes.set_state(tx, post_id, await _judge(tx, quoted, by))
            await spread_edit(tx, site, quoting)


async def keep_consent(tx: Transaction, post: Post, author: Actor, consent: QuoteConsent | None) -> None:
    """Remember whom a peer lets quote a post; of all addresses, everybody and the followers are understood."""
    if consent is not None:
        automatic, manual = (_word(author, one) for one in (consent.automatic, consent.manual))
        await quotes.put_policy(tx, post.id, QuotePolicy(automatic, manual))


async def change_policy(tx: Transaction, site: Site, author: Actor, post: Post, policy: str) -> None:
    """Change who may quote a post of ours, and tell everybody who got it.

    Raises:
        Forbidden: it is somebody else's.
        Invalid: there is no such policy.
    """
    if post.actor_id != author.id:
        raise Forbidden("This post is not yours.")
    await quotes.put_policy(tx, post.id, policy_for(Visibility(post.visibility), policy))
    await _tell(tx, site, author, post)


async def revoke_quote(tx: Transaction, site: Site, owner: Actor, quoted: Post, quoting: Post) -> None:
    """Take a post of ours out of another that quotes it; a quoting post of ours says so to everybody who got it.

    Raises:
        Forbidden: the quoted post is somebody else's.
        NotFound: there is no such quote.
    """
    if quoted.actor_id != owner.id:
        raise Forbidden("This post is not yours.")
    found = await quotes.find(tx, quoting.id)
    if found is None or found.quoted_id != quoted.id:
        raise NotFound("There is no such quote.")
    if found.state == REVOKED:
        return
    await quotes.set_state(tx, quoting.id, REVOKED)
    await spread_edit(tx, site, quoting)
    by = await actors.find(tx, quoting.actor_id)
    if by is not None and by.local:
        await _tell(tx, site, by, quoting)


async def _tell(tx: Transaction, site: Site, author: Actor, post: Post) -> None:
    """It is no edit, so the post's time stays."""
    activity_id, uri = mint(site, author)
    document = build.update(uri, author.uri, await represent_post(tx, site, author, post))
    await send(tx, site, author, activity_id, document, object_uri=post.uri)


async def _find_quoted(tx: Transaction, uri: str) -> Post | None:
    post = await posts.find_by_uri(tx, uri)
    return post if post is not None and post.deleted_at is None else None


async def _judge(tx: Transaction, quoted: Post, by: Actor) -> str:
    author = await actors.find(tx, quoted.actor_id)
    if author is None or not await may_see_post(tx, quoted, author, by):
        return REJECTED
    return _STATES[await may_quote(tx, quoted, author, by, await quotes.find_policy(tx, quoted.id))]


async def _is_among(reader: Reader, policy: str, author: Actor, quoter: Actor) -> bool:
    if policy == FOLLOWERS:
        return await follows.follows_accepted(reader, quoter.id, author.id)
    return policy == PUBLIC


def _word(author: Actor, uris: tuple[str, ...]) -> str:
    if EVERYBODY in uris:
        return PUBLIC
    return FOLLOWERS if author.followers_uri in uris else NOBODY
