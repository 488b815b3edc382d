"""The two ends of FEP-8fcf: shows a server which of its people follow ours, and hears what it says of ours.

It must not change a follow; a job does, after it has asked.
"""

from quart import Response

from activitypub import synchronisation
from activitypub.collection import build_collection
from activitypub.errors import ProtocolError
from activitypub.requests import SignedRequest
from activitypub.verified import Verified
from activitypub.vocabulary import origin_of
from server.actions.ties.synchronise import ask_synchronisation, differs, list_followers_at, partial_uri
from server.federation import respond
from server.federation.finding import find_person
from server.federation.signed_get import Unsigned, find_viewer
from server.services import Services
from server.store.people import actors


async def show_partial(services: Services, name: str) -> Response:
    """Answer with the followers that live where the asker does, and no others. Raises Unsigned for a stranger."""
    viewer = await find_viewer(services)
    if viewer is None or viewer.local:
        raise Unsigned("This is for servers, which sign what they ask.")
    async with services.database.read() as reader:
        author = await find_person(reader, services.site.actor_uri(name.lower()))
        followers = await list_followers_at(reader, author, origin_of(viewer.uri))
    whole = build_collection(partial_uri(author), total=len(followers), items=followers)
    return respond.document(whole, open=False)


async def compare(services: Services, verified: Verified, request: SignedRequest) -> None:
    """Hear how a peer counts our people among the followers of the actor that signed, and have a difference settled.

    What is malformed, or speaks of anybody else, is passed over: the activity beside it was good.
    """
    value = request.headers.get(synchronisation.HEADER)
    if value is None:
        return
    async with services.database.read() as reader:
        actor = await actors.find_by_uri(reader, verified.actor_uri)
        if actor is None or actor.local:
            return
        try:
            said = synchronisation.read_header(value)
            synchronisation.check_header(said, actor.uri, actor.followers_uri)
        except ProtocolError:
            return
        if not await differs(reader, services.site, actor, said):
            return
    async with services.database.write(durable=False) as tx:
        await ask_synchronisation(tx, services.site, actor, said.url)
