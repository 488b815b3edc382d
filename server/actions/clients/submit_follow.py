"""A client follows, answers a follow, or blocks. It must not fetch anybody; the door has looked them up."""

from activitypub.submission import Submission
from activitypub.vocabulary import id_of, types_of
from server.actions.clients import recording
from server.actions.ties.follow import accept_request, block, follow, reject_request
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows

UNKNOWN = "Nobody is known under this address."


async def submit_follow(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Ask to follow somebody. Asked again, the answer is the activity that asked first (statement 79)."""
    target = await find_target(tx, submission)
    known = await follows.find(tx, author.id, target.id)
    stored = await activities.find_by_uri(tx, known.uri) if known is not None else None
    if stored is not None:
        return stored
    before = site.ids.new()
    await follow(tx, site, author, target)
    sent = await recording.find_sent(tx, author, "Follow", after=before, object_uri=target.uri)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission)
    asked = await follows.find(tx, author.id, target.id)
    return await recording.store(
        tx,
        site,
        author,
        submission,
        object=target.uri,
        object_uri=target.uri,
        also_to=[target.uri],
        uri=asked.uri if asked else None,
    )


async def submit_accept(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Let a follower in."""
    return await _answer(tx, site, author, submission)


async def submit_reject(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Refuse somebody who asked, or send a follower away."""
    return await _answer(tx, site, author, submission)


async def submit_block(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Block somebody. Whoever is blocked is not told, also when the client names them (ActivityPub 6.9)."""
    target = await find_target(tx, submission)
    await block(tx, site, author, target)
    uri = await follows.find_block_uri(tx, author.id, target.id)
    stored = await activities.find_by_uri(tx, uri) if uri is not None else None
    if stored is not None:
        return stored
    return await recording.store(
        tx, site, author, submission, object=target.uri, object_uri=target.uri, never_to=[target.uri], uri=uri
    )


async def find_target(reader: Reader, submission: Submission) -> Actor:
    """Find the actor that is the object. Raises NotFound."""
    found = await actors.find_by_uri(reader, submission.object_id) if submission.object_id else None
    if found is None or found.gone_at is not None:
        raise NotFound(UNKNOWN)
    return found


async def _answer(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    follower = await _find_follower(tx, author, submission)
    known = await follows.find(tx, follower.id, author.id)
    if known is None:
        raise NotFound("This account neither follows you nor asked to.")
    before = site.ids.new()
    if submission.type == "Reject":
        await reject_request(tx, site, author, follower)
    elif known.state != "accepted":
        await accept_request(tx, site, author, follower)
    sent = await recording.find_sent(tx, author, submission.type, after=before)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission)
    asked = {"id": known.uri, "type": "Follow", "actor": follower.uri, "object": author.uri}
    return await recording.store(
        tx, site, author, submission, object=asked, object_uri=known.uri, also_to=[follower.uri]
    )


async def _find_follower(reader: Reader, author: Actor, submission: Submission) -> Actor:
    """Who asked, by the id of the Follow or by a copy of it.

    Raises:
        Forbidden: somebody else was asked.
        Invalid: it answers something other than a Follow.
        NotFound: there is no such Follow.
    """
    asked = await follows.find_by_uri(reader, submission.object_id) if submission.object_id else None
    if asked is not None:
        if asked.followed_id != author.id:
            raise Forbidden("Somebody else was asked.")
        found = await actors.find(reader, asked.follower_id)
    else:
        found = await _find_in_copy(reader, author, submission)
    if found is None:
        raise NotFound("There is no such follow request.")
    return found


async def _find_in_copy(reader: Reader, author: Actor, submission: Submission) -> Actor | None:
    copy = submission.object
    if not isinstance(copy, dict):
        return None
    if "Follow" not in types_of(copy):
        raise Invalid("Only a Follow is answered here.", field="object")
    if id_of(copy.get("object")) != author.uri:
        raise Forbidden("Somebody else was asked.")
    uri = id_of(copy.get("actor"))
    return await actors.find_by_uri(reader, uri) if uri else None
