"""Shows pictures as objects of their own: to their owner always, to others once a post that they may see has them."""

from quart import Response

from server.actions.network.represent_picture import represent_picture
from server.actions.writing.see import may_see_post
from server.federation import respond
from server.federation.finding import ABSENT, find_person
from server.federation.signed_get import find_viewer
from server.problems import NotFound
from server.services import Services
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import media, posts
from server.store.writing.media import Media


async def show_picture(services: Services, name: str, media_id: int) -> Response:
    """Answer with an Image; to its owner also with one that is still painted, or could not be."""
    async with services.database.read() as reader:
        owner = await find_person(reader, services.site.actor_uri(name.lower()))
        picture = await media.find(reader, media_id)
        if picture is None or picture.actor_id != owner.id:
            raise NotFound(ABSENT)
        open = await _may_see(reader, picture, owner, None)
    viewer = None if open else await find_viewer(services)
    async with services.database.read() as reader:
        if not (open or await _may_see(reader, picture, owner, viewer)):
            raise NotFound(ABSENT)
        document = await represent_picture(reader, services.site, owner, picture)
    return respond.document(document, open=open)


async def _may_see(reader: Reader, picture: Media, owner: Actor, viewer: Actor | None) -> bool:
    if viewer is not None and viewer.id == owner.id:
        return True
    post = await posts.find(reader, picture.post_id) if picture.post_id is not None else None
    if post is None or post.deleted_at is not None:
        return False
    return await may_see_post(reader, post, owner, viewer)
