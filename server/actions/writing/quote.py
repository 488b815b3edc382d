"""Quotes: a post that shows another. It decides who may, by what the quoted author said. It must not fetch anything.

Of our own posts we know that. Of a peer's, nothing but its author's stamp (FEP-044f) shows others that a quote is
allowed, so until we have seen one it is pending; to quote oneself needs none.
"""

from dataclasses import replace

from activitypub import activities as build
from activitypub.audience import Visibility, is_open
from activitypub.consent import Kind, outline
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.writing.allow import Standing, may_quote
from server.actions.writing.choose import Rules, choose_replies, choose_rules, policy_for
from server.actions.writing.quote_line import without_line
from server.actions.writing.revise import remember, remember_first
from server.actions.writing.see import may_see_post
from server.actions.writing.spread import spread_edit
from server.actions.writing.stamp import ask, new_consent, stamp_own, take_back
from server.ids import MICROSECONDS
from server.problems import Forbidden, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents, posts, quotes
from server.store.writing.posts import Post
from server.store.writing.quotes import ACCEPTED, PENDING, REJECTED, REVOKED, Quote

_STATES = {
    Standing.AUTOMATIC: ACCEPTED,
    Standing.MANUAL: PENDING,
    Standing.UNKNOWN: PENDING,
    Standing.DENIED: REJECTED,
}


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
    return _state(standing, author, quoter)


async def keep_quote(tx: Transaction, site: Site, post: Post, by: Actor, quoted: Post, state: str) -> None:
    """Remember that a stored post quotes another, and tell that one's author."""
    await quotes.add(tx, post_id=post.id, quoted_uri=quoted.uri, state=state, at=site.clock.now())
    author = await actors.find(tx, quoted.actor_id)
    if author is None or state != ACCEPTED:
        return
    if by.local and author.local and by.id != author.id:
        await stamp_own(tx, site, by, author, quoted, post.uri)
    await tell_quoted(tx, site, post.id, by)


async def tell_quoted(tx: Transaction, site: Site, post_id: int, by: Actor) -> None:
    """Tell whose post a stored one quotes, if that is allowed and they may see it: an answer may be kept back."""
    post, quote = await posts.find(tx, post_id), await quotes.find(tx, post_id)
    quoted = await posts.find(tx, quote.quoted_id) if quote is not None and quote.quoted_id is not None else None
    author = await actors.find(tx, quoted.actor_id) if quoted is not None else None
    if post is None or quote is None or quote.state != ACCEPTED or author is None:
        return
    if await may_see_post(tx, post, by, author):
        await notify(tx, site, author, "quote", by=by, post_id=post.id)


async def ask_to_quote(tx: Transaction, site: Site, by: Actor, post: Post) -> None:
    """Ask for what a new post of ours quotes, where its author has to agree; the post is stored and sent."""
    quote = await quotes.find(tx, post.id)
    quoted = await posts.find(tx, quote.quoted_id) if quote is not None and quote.quoted_id is not None else None
    author = await actors.find(tx, quoted.actor_id) if quoted is not None else None
    if quote is None or quote.state != PENDING or quoted is None or author is None:
        return
    consent = new_consent(site, Kind.QUOTE, by, quoted, post.uri)
    if author.local:
        await consents.add(tx, consent)
        await notify(tx, site, author, "quote_request", by=by, post_id=post.id)
        return
    document = await represent_post(tx, site, by, post)
    shown = is_open(Visibility(post.visibility)) or author.uri in (*post.to, *post.cc)
    await ask(tx, site, consent, by, author, quoted, document if shown else outline(document))


async def receive_quote(
    tx: Transaction,
    site: Site,
    post: Post,
    by: Actor,
    quoted_uri: str,
    *,
    stamp_uri: str | None = None,
    fetch: bool = True,
) -> None:
    """Remember that a peer's post quotes another, once, and which stamp it names.

    With `fetch` a quoted post that we do not have, and the stamp, are fetched by a job.
    """
    known = await quotes.find(tx, post.id)
    if known is not None:
        await _claim_anew(tx, site, post, known, stamp_uri)
        return
    quoted = await _find_quoted(tx, quoted_uri)
    state = PENDING if quoted is None else await _judge(tx, quoted, by, post.uri)
    if quoted is None:
        await quotes.add(tx, post_id=post.id, quoted_uri=quoted_uri, state=state, at=site.clock.now())
    else:
        await keep_quote(tx, site, post, by, quoted, state)
    await quotes.claim(tx, post.id, stamp_uri)
    if fetch and not site.is_ours(quoted_uri) and (quoted is None or (stamp_uri and state != ACCEPTED)):
        await _look(tx, site, post)


async def settle_quotes(tx: Transaction, site: Site, quoted: Post) -> None:
    """Judge the quotes that waited for a post which is here now."""
    for post_id in await quotes.list_waiting(tx, quoted.uri):
        quoting = await posts.find(tx, post_id)
        by = await actors.find(tx, quoting.actor_id) if quoting else None
        if quoting is not None and by is not None:
            await quotes.set_state(tx, post_id, await _judge(tx, quoted, by, quoting.uri))
            await spread_edit(tx, site, quoting)


async def settle_quote(tx: Transaction, site: Site, quoting: Post, state: str) -> None:
    """Say what became of a quote that is stored; a quoting post of ours says so to everybody who got it."""
    known = await quotes.find(tx, quoting.id)
    if known is None or known.state == state:
        return
    await quotes.set_state(tx, quoting.id, state)
    by = await actors.find(tx, quoting.actor_id)
    if by is not None and by.local and state in (REJECTED, REVOKED):
        quoting = await _take_line_out(tx, site, quoting)
    await spread_edit(tx, site, quoting)
    if by is not None and by.local:
        await _tell(tx, site, by, quoting)


async def _take_line_out(tx: Transaction, site: Site, post: Post) -> Post:
    """What its author does not want to be quoted is pointed to by no line of ours either.

    That changes what the post says, so it is an edit: peers take new words with a new time alone.
    """
    content = without_line(post.content_html)
    if content == post.content_html:
        return post
    await remember_first(tx, site, post)
    # Some compare whole seconds.
    updated = max(site.clock.now(), (post.updated_at or post.published_at) + MICROSECONDS)
    changed = replace(post, content_html=content, updated_at=updated)
    mentioned, tags = await posts.list_mentions(tx, post.id), await posts.list_hashtags(tx, post.id)
    await posts.edit(tx, changed, mentioned=mentioned, tags=tags)
    await remember(tx, site, changed)
    return changed


async def accept_proven(tx: Transaction, site: Site, quoting: Post, quoted: Post, stamp_uri: str) -> None:
    """A peer's quote of another peer's post names a stamp that holds; remembered, as it may be taken back."""
    by, known = await actors.find(tx, quoting.actor_id), await quotes.find(tx, quoting.id)
    if by is None or known is None or known.stamp_uri != stamp_uri:
        return
    consent = new_consent(site, Kind.QUOTE, by, quoted, quoting.uri)
    await consents.add(tx, consent)
    found = await consents.find_pair(tx, Kind.QUOTE, quoting.uri, quoted.id)
    await consents.decide(tx, (found or consent).id, ACCEPTED, stamp_uri=stamp_uri)
    await settle_quote(tx, site, quoting, ACCEPTED)


async def change_policy(
    tx: Transaction,
    site: Site,
    author: Actor,
    post: Post,
    policy: str | None,
    *,
    replies: str | None = None,
    rules: Rules | None = None,
) -> None:
    """Change who may quote a post of ours, answer, like or boost it, and tell everybody who got it.

    Raises:
        Forbidden: it is somebody else's.
        Invalid: there is no such policy.
    """
    if post.actor_id != author.id:
        raise Forbidden("This post is not yours.")
    if policy is not None:
        await quotes.put_policy(tx, post.id, policy_for(Visibility(post.visibility), policy))
    await choose_rules(tx, post, rules or {})
    if replies is not None:
        await choose_replies(tx, post, replies)
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
    by = await actors.find(tx, quoting.actor_id)
    if found.state == REVOKED or by is None:
        return
    consent = await consents.find_pair(tx, Kind.QUOTE, quoting.uri, quoted.id)
    await take_back(tx, site, owner, by, quoted, consent or new_consent(site, Kind.QUOTE, by, quoted, quoting.uri))
    await settle_quote(tx, site, quoting, REVOKED)


async def _tell(tx: Transaction, site: Site, author: Actor, post: Post) -> None:
    """That a quote or a policy changed is no edit, so the post's time stays."""
    activity_id, uri = mint(site, author)
    document = build.update(uri, author.uri, await represent_post(tx, site, author, post))
    await send(tx, site, author, activity_id, document, object_uri=post.uri)


async def _find_quoted(tx: Transaction, uri: str) -> Post | None:
    post = await posts.find_by_uri(tx, uri)
    return post if post is not None and post.deleted_at is None else None


async def _judge(tx: Transaction, quoted: Post, by: Actor, quoting_uri: str) -> str:
    author = await actors.find(tx, quoted.actor_id)
    if author is None or not await may_see_post(tx, quoted, author, by):
        return REJECTED
    said = await consents.find_pair(tx, Kind.QUOTE, quoting_uri, quoted.id)
    if said is not None:
        return said.state
    standing = await may_quote(tx, quoted, author, by, await quotes.find_policy(tx, quoted.id))
    return _state(standing, author, by)


def _state(standing: Standing, author: Actor, by: Actor) -> str:
    """What a quote is by the policy alone: of a peer's post, its author alone can say that it is accepted."""
    state = _STATES[standing]
    return state if author.local or author.id == by.id or state != ACCEPTED else PENDING


async def _claim_anew(tx: Transaction, site: Site, post: Post, known: Quote, stamp_uri: str | None) -> None:
    """Take over which stamp a changed post names. One that is named no more proves nothing any more."""
    if stamp_uri == known.stamp_uri or site.is_ours(known.quoted_uri):
        return
    await quotes.claim(tx, post.id, stamp_uri)
    consent = None if known.quoted_id is None else await consents.find_pair(tx, Kind.QUOTE, post.uri, known.quoted_id)
    if consent is not None and consent.state == ACCEPTED:
        await consents.drop(tx, consent.id)
        await settle_quote(tx, site, post, PENDING)
    if stamp_uri is not None:
        await _look(tx, site, post)


async def _look(tx: Transaction, site: Site, post: Post) -> None:
    await site.queue.enqueue(tx, "quoted", {"post": post.id}, unique=f"quoted:{post.id}")
