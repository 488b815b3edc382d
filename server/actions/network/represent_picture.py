"""Builds the documents of pictures, and of posts that wait for theirs. It must not decide who reads them."""

from activitypub.activities import Document
from activitypub.activities import create as build_create
from activitypub.pictures import Painting, build_painting, build_picture, build_place, picture_context
from server.actions.network.represent import represent_attachment, represent_post
from server.actions.painting.manifests import read_manifest
from server.actions.painting.promise import read_draft, show_promise
from server.ids import iso
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import generations, media, promises
from server.store.writing.generations import Generation
from server.store.writing.media import Media
from server.store.writing.promises import Promise


async def represent_picture(reader: Reader, site: Site, owner: Actor, picture: Media) -> Document:
    """Return the object of a picture of `owner`: itself, or how its painting fares."""
    uri, published = site.upload_uri(owner.username, picture.id), iso(picture.created_at)
    wished = await generations.find(reader, picture.generation_id) if picture.generation_id else None
    if picture.is_there or wished is None:
        painted = read_manifest(wished.manifest) if wished else None
        return build_picture(uri, owner.uri, published, represent_attachment(site, picture, painted))
    return build_painting(uri, owner.uri, published, picture.alt, _painting(wished))


async def represent_promise(reader: Reader, site: Site, author: Actor, promise: Promise) -> Document:
    """Return the post that was promised as its author reads it: with its pictures, painted or not."""
    post = await show_promise(reader, site, author, promise)
    document = await represent_post(reader, site, author, post)
    places = []
    for picture in (await media.list_of_posts(reader, [post.id])).get(post.id, []):
        wished = await generations.find(reader, picture.generation_id) if picture.generation_id else None
        if not picture.is_there and wished is not None:
            places.append(build_place(site.upload_uri(author.username, picture.id), picture.alt, _painting(wished)))
    attached = document.get("attachment")
    there = attached if isinstance(attached, list) else []
    standing: Document = {"generationState": promise.state}
    if promise.state == promises.FAILED:
        standing["generationError"] = promise.error
    return document | {"@context": picture_context(), "attachment": [*there, *places]} | standing


async def represent_promised_create(reader: Reader, site: Site, author: Actor, promise: Promise) -> Document:
    """Return the Create of a promised post as its author reads it."""
    draft = await read_draft(reader, promise)
    uri = site.activity_uri(author.uri, promise.activity_id)
    document = build_create(uri, author.uri, await represent_promise(reader, site, author, promise))
    return {**draft.given.activity, **document} if draft.given is not None else document


def _painting(wished: Generation) -> Painting:
    return Painting(
        state=wished.state,
        prompt=wished.prompt,
        step=wished.step,
        steps_total=wished.steps_total,
        error=wished.error,
    )
