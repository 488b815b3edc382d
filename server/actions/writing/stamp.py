"""Questions about posts and the stamps that answer them: asked, given, refused, taken back.

What follows from an answer is for `settle`. It must not fetch a stamp.
"""

from dataclasses import replace

from activitypub import consent as build
from activitypub.activities import Document
from activitypub.consent import Kind, Request, Stamp
from server.actions.network.outgoing import mint, send
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import consents
from server.store.writing.consents import ACCEPTED, PENDING, REJECTED, REVOKED, Consent
from server.store.writing.posts import Post


def new_consent(site: Site, kind: Kind, asker: Actor, post: Post, interacting_uri: str) -> Consent:
    """Return a question that nobody answered yet."""
    return Consent(
        id=site.ids.new(),
        kind=kind.value,
        asker_id=asker.id,
        asked_id=post.actor_id,
        post_id=post.id,
        interacting_uri=interacting_uri,
        request_uri=None,
        state=PENDING,
        stamp_uri=None,
        wanted=None,
        created_at=site.clock.now(),
    )


async def ask(
    tx: Transaction, site: Site, consent: Consent, asker: Actor, author: Actor, post: Post, instrument: Document
) -> None:
    """Have one of our people ask a peer's author; what is wanted goes along as `instrument`."""
    activity_id, uri = mint(site, asker)
    asked = replace(consent, request_uri=uri)
    if not await consents.add(tx, asked):
        return
    document = build.build_request(_request(asked, asker, post), instrument, author=author.uri)
    await send(tx, site, asker, activity_id, document, object_uri=consent.interacting_uri)


async def stamp_own(tx: Transaction, site: Site, by: Actor, author: Actor, quoted: Post, quoting_uri: str) -> None:
    """Let one of our people quote another's post, provably, for those elsewhere who see the quote."""
    consent = new_consent(site, Kind.QUOTE, by, quoted, quoting_uri)
    stamp_uri = site.stamp_uri(author.uri, consent.id)
    await consents.add(tx, replace(consent, state=ACCEPTED, stamp_uri=stamp_uri))


async def give(tx: Transaction, site: Site, author: Actor, asker: Actor, post: Post, consent: Consent) -> None:
    """Say yes, with a stamp; the same stamp when asked again."""
    stamp_uri = consent.stamp_uri or site.stamp_uri(author.uri, consent.id)
    await consents.decide(tx, consent.id, ACCEPTED, stamp_uri=stamp_uri)
    if consent.request_uri is None or asker.local:
        return
    activity_id, uri = mint(site, author)
    document = build.build_accept(uri, author.uri, _request(consent, asker, post), stamp_uri)
    # Who shows the post in another is told of its changes, and of its end.
    await send(tx, site, author, activity_id, document, object_uri=post.uri)


async def refuse(tx: Transaction, site: Site, author: Actor, request: Request) -> None:
    """Say no to a peer; nothing is remembered, as the author may think otherwise later."""
    activity_id, uri = mint(site, author)
    await send(tx, site, author, activity_id, build.build_reject(uri, author.uri, request), object_uri=request.id)


async def refuse_for_good(
    tx: Transaction, site: Site, author: Actor, asker: Actor, post: Post, consent: Consent
) -> None:
    """Say no by the author's own hand, and whenever it is asked again."""
    await consents.decide(tx, consent.id, REJECTED, stamp_uri=None)
    if consent.request_uri is not None and not asker.local:
        await refuse(tx, site, author, _request(consent, asker, post))


async def take_back(tx: Transaction, site: Site, author: Actor, asker: Actor, post: Post, consent: Consent) -> None:
    """Take a yes back, if there was one, and tell those who rely on its stamp; it stays so when asked again."""
    if await consents.find(tx, consent.id) is None:
        await consents.add(tx, replace(consent, state=REVOKED))
    await consents.decide(tx, consent.id, REVOKED, stamp_uri=consent.stamp_uri)
    if consent.stamp_uri is None:
        return
    activity_id, uri = mint(site, author)
    document = build.build_revocation(
        uri, author.uri, represent_stamp(author, post, consent), to=asker.uri, followers=author.followers_uri
    )
    await send(tx, site, author, activity_id, document, object_uri=consent.stamp_uri)


def represent_stamp(author: Actor, post: Post, consent: Consent) -> Stamp:
    """Return what a stamp of ours says."""
    return Stamp(
        id=consent.stamp_uri or "",
        kind=Kind(consent.kind),
        attributed_to=author.uri,
        interacting=consent.interacting_uri,
        target=post.uri,
    )


def _request(consent: Consent, asker: Actor, post: Post) -> Request:
    return Request(
        id=consent.request_uri or consent.interacting_uri,
        kind=Kind(consent.kind),
        actor=asker.uri,
        target=post.uri,
        interacting=consent.interacting_uri,
    )
