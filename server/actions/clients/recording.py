"""Keeps the activity that a client handed in beside what our own action sent for it. It must not have effects itself.

Our actions send the least that peers need to be told. What the client wrote beyond that (further recipients, words,
properties of its own) is added before anything leaves, and where nothing had to be sent, its activity is stored all the
same: it has an id, stands in the outbox and can be fetched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from activitypub.activities import Document
from activitypub.audience import visibility_of
from activitypub.extras import join_contexts
from activitypub.submission import AUDIENCE, Addressed, Submission
from activitypub.vocabulary import AS2, as_list
from server.actions.network.outgoing import mint, send
from server.ids import iso
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people.actors import Actor


async def store(
    tx: Transaction,
    site: Site,
    author: Actor,
    submission: Submission,
    *,
    object: object,
    object_uri: str | None = None,
    also_to: Iterable[str] = (),
    never_to: Iterable[str] = (),
    uri: str | None = None,
) -> Activity:
    """Store the client's activity as its own and have it delivered to whom it names.

    `also_to` are recipients without whom it would be pointless; `never_to` are taken out wherever they stand. `uri`
    is the id where an action gave it one already.
    """
    activity_id, fresh = mint(site, author)
    if uri is not None:
        activity_id, fresh = _number(uri, fresh_id=activity_id), uri
    addressed = readdress(submission.addressed, also_to=also_to, never_to=never_to)
    document: Document = {
        "@context": join_contexts(AS2, submission.context),
        "id": fresh,
        "type": submission.type,
        "actor": author.uri,
    }
    if object is not None:
        document["object"] = object
    document = {**submission.more, **document, **addressed.document()}
    document.setdefault("published", iso(site.clock.now()))
    visibility = _visibility(addressed, author)
    await send(tx, site, author, activity_id, document, visibility=visibility, object_uri=object_uri)
    return await _require(tx, activity_id)


async def find_sent(
    reader: Reader, author: Actor, type: str, *, after: int, object_uri: str | None = None
) -> Activity | None:
    """Find what an action of this transaction sent: the newest of its type above the id `after`."""
    sent = await activities.list_sent_after(reader, author.uri, after=after, limit=50)
    found = [one for one in sent if one.type == type and object_uri in (None, one.object_uri)]
    return found[-1] if found else None


async def enrich(
    tx: Transaction, author: Actor, sent: Activity, submission: Submission, addressed: Addressed | None = None
) -> Activity:
    """Add to an activity that an action sent what its client wrote beyond it.

    It goes to `addressed`; without that to whom the action sent it, and to whom the client named besides.
    """
    document = msgspec.json.decode(sent.document, type=Document)
    final = addressed or recipients_of(document).joined(submission.addressed)
    plain = {name: value for name, value in document.items() if name not in AUDIENCE}
    amended = {**submission.more, **plain, **final.document()}
    amended["@context"] = join_contexts(document.get("@context", AS2), submission.context)
    changed = replace(sent, document=msgspec.json.encode(amended), visibility=_visibility(final, author))
    await activities.amend(tx, changed)
    return changed


def recipients_of(document: Mapping[str, object]) -> Addressed:
    """The recipients that stand in a stored activity, the blind ones too."""
    return Addressed(**{name: _strings(document.get(name)) for name in AUDIENCE})


def _strings(value: object) -> tuple[str, ...]:
    return tuple(one for one in as_list(value) if isinstance(one, str))


def _visibility(named: Addressed, author: Actor) -> str:
    return visibility_of(named.to, (*named.cc, *named.audience, *named.blind), author.followers_uri).value


def readdress(named: Addressed, *, also_to: Iterable[str] = (), never_to: Iterable[str] = ()) -> Addressed:
    """The recipients with some more, each once, and without those who must not hear of it."""
    unwanted = frozenset(never_to)
    added = Addressed(to=tuple(uri for uri in also_to if uri not in named.everybody))
    whole = named.joined(added)
    return Addressed(**{name: tuple(uri for uri in getattr(whole, name) if uri not in unwanted) for name in AUDIENCE})


def _number(uri: str, *, fresh_id: int) -> int:
    """Our id of an activity, which is the end of its address."""
    number = uri.rpartition("/")[2]
    return int(number) if number.isdecimal() else fresh_id


async def _require(reader: Reader, activity_id: int) -> Activity:
    found = await activities.find(reader, activity_id)
    if found is None:
        raise LookupError("the activity was stored just now")
    return found
