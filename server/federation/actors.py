"""Shows our actors: people, and the instance itself. It must not show anybody else's."""

from quart import Response

from server.actions.network.represent import represent_actor, represent_keys
from server.federation import respond
from server.federation.finding import ABSENT, find_actor
from server.federation.signed_get import find_viewer, may_strangers_read
from server.problems import NotFound
from server.services import Services
from server.site import Site
from server.store.people import actors


async def show_person(services: Services, name: str) -> Response:
    """Answer with the document of one of our people; where strangers may not read, with its keys alone for them.

    Peers must find a key without being known here, or two such servers could never begin to talk (GoToSocial does so).
    """
    whole = await may_strangers_read(services) or await find_viewer(services) is not None
    return await _show(services, services.site.actor_uri(name.lower()), whole=whole)


async def show_instance(services: Services) -> Response:
    """Answer with the actor that signs our fetches; never asks for a signature, so that two servers cannot deadlock."""
    return await _show(services, services.site.instance_uri)


def person_page(site: Site, name: str) -> str:
    """Where a browser finds this person."""
    return site.profile_url(name.lower())


def instance_page(site: Site) -> str:
    """Where a browser reads about the instance."""
    return f"{site.origin}/about"


async def _show(services: Services, uri: str, *, whole: bool = True) -> Response:
    async with services.database.read() as reader:
        actor = await find_actor(reader, uri)
        key = await actors.find_signing_key(reader, actor.id)
        proof_key = await actors.find_proof_key(reader, actor.id)
        if key is None:
            raise NotFound(ABSENT)
        if not whole:
            return respond.document(represent_keys(services.site, actor, key, proof_key))
        document = await represent_actor(reader, services.site, actor, key, proof_key)
    return respond.document(document)
