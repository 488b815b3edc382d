"""Builds the ActivityPub documents of what we store. It must not decide who may read them; `audience.may_see` does."""

import mimetypes
from dataclasses import replace

from activitypub.activities import Document
from activitypub.actors import ActorFields, ImageLink, Property, build_actor, build_key_stub
from activitypub.consent import Kind
from activitypub.keys import load_public, multikey
from activitypub.notes import AttachmentFields, Hashtag, Mention, NoteFields, build_note, build_tombstone
from activitypub.provenance import Provenance, digital_source_type, source_type_of
from server.actions.painting.manifests import PaintedWith, read_manifest
from server.actions.writing.allow import represent_policy
from server.actions.writing.ask import represent_poll
from server.actions.writing.emojis import find_own
from server.actions.writing.threading import find_context
from server.ids import iso
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor, ActorKey
from server.store.writing import consents, generations, media, polls, posts, quotes
from server.store.writing.media import Media
from server.store.writing.posts import Post
from server.store.writing.quotes import Quote


async def represent_actor(
    reader: Reader, site: Site, actor: Actor, key: ActorKey, proof_key: ActorKey | None
) -> Document:
    """Return the document of one of our actors; `key` is its RSA key, `proof_key` its Ed25519 one.

    Of somebody suspended it says that they are, and nothing of what they said of themselves.
    """
    if actor.suspended_at is not None:
        actor = replace(actor, name=None, summary_html=None, icon_url=None, image_url=None, fields="[]")
    lines = [text for line in actor.profile_fields for text in (line.name, line.value_html)]
    emoji = await find_own(reader, site, actor.name, actor.summary_html, *lines)
    return build_actor(replace(_fields(site, actor, key, proof_key), emoji=emoji))


def represent_keys(site: Site, actor: Actor, key: ActorKey, proof_key: ActorKey | None) -> Document:
    """Return the keys of one of our actors, with the little that says whose they are."""
    return build_key_stub(_fields(site, actor, key, proof_key))


def _fields(site: Site, actor: Actor, key: ActorKey, proof_key: ActorKey | None) -> ActorFields:
    return ActorFields(
        id=actor.uri,
        # What its owner says is done without a hand is a Service everywhere.
        type="Service" if actor.is_bot and actor.type == "Person" else actor.type,
        username=actor.username,
        name=actor.display_name,
        summary_html=actor.summary_html or "",
        url=actor.url or actor.uri,
        inbox=actor.inbox,
        outbox=actor.outbox or f"{actor.uri}/outbox",
        followers=actor.followers_uri,
        following=actor.following_uri,
        featured=actor.featured_uri,
        liked=f"{actor.uri}/liked" if actor.followers_uri else None,
        shared_inbox=site.shared_inbox,
        public_key_id=key.key_id,
        public_key_pem=key.public_pem,
        ed25519_key_id=proof_key.key_id if proof_key else None,
        ed25519_multikey=multikey(load_public(proof_key.public_pem)) if proof_key else None,
        webfinger=actor.handle,
        published=iso(actor.created_at),
        manually_approves=actor.locked,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        icon=_image(actor.icon_url),
        image=_image(actor.image_url),
        properties=tuple(Property(line.name, line.value_html) for line in actor.profile_fields),
        featured_tags=f"{actor.uri}/featured_tags" if actor.followers_uri else None,
        also_known_as=actor.aliases,
        moved_to=actor.moved_to,
        generator=site.instance_uri,
        suspended=actor.suspended_at is not None,
        endpoints=_endpoints(site) if actor.type == "Person" else {},
    )


def _endpoints(site: Site) -> dict[str, str]:
    """Where clients of our people log in and send files; nobody has a client for the instance or the studio."""
    return {
        "oauthAuthorizationEndpoint": f"{site.origin}/oauth/authorize",
        "oauthTokenEndpoint": f"{site.origin}/oauth/token",
        "oauthRegistrationEndpoint": f"{site.origin}/oauth/register",
        "uploadMedia": site.uploads_uri,
        "proxyUrl": site.proxy_uri,
    }


async def represent_post(reader: Reader, site: Site, author: Actor, post: Post) -> Document:
    """Return the Note of one of our posts, or its Tombstone."""
    if post.deleted_at is not None:
        return build_tombstone(post.uri, post.type, iso(post.deleted_at))
    return build_note(await _note_fields(reader, site, author, post))


async def _note_fields(reader: Reader, site: Site, author: Actor, post: Post) -> NoteFields:
    painted = await _find_painted(reader, post)
    quote = await _quoted(reader, post)
    return NoteFields(
        id=post.uri,
        attributed_to=author.uri,
        content_html=post.content_html,
        url=post.url or post.uri,
        published=iso(post.published_at),
        updated=iso(post.updated_at) if post.updated_at else None,
        to=post.to,
        cc=post.cc,
        language=post.language,
        summary=post.summary,
        sensitive=post.sensitive,
        in_reply_to=post.in_reply_to_uri,
        context=await find_context(reader, post),
        mentions=await _mentions(reader, post),
        hashtags=await _hashtags(reader, site, post),
        emoji=await find_own(reader, site, post.content_html, post.summary, *await _titles(reader, post)),
        attachments=await _attachments(reader, site, post),
        replies=f"{post.uri}/replies",
        likes=f"{post.uri}/likes",
        shares=f"{post.uri}/shares",
        gen_ai=post.generated,
        generation=_provenance(site, painted) if painted else None,
        quote=quote.quoted_uri if quote else None,
        quote_authorization=await _stamp(reader, Kind.QUOTE, post, quote.quoted_id) if quote else None,
        reply_authorization=await _stamp(reader, Kind.REPLY, post, post.in_reply_to_id),
        policy=await represent_policy(reader, author, post),
        question=await represent_poll(reader, site, post) if post.type == "Question" else None,
        type=post.type,
        extras=post.more,
    )


async def _mentions(reader: Reader, post: Post) -> tuple[Mention, ...]:
    return tuple([Mention(one.actor_uri, one.name) for one in await posts.list_mentions(reader, post.id)])


async def _hashtags(reader: Reader, site: Site, post: Post) -> tuple[Hashtag, ...]:
    return tuple([Hashtag(f"#{tag}", site.hashtag_url(tag)) for tag in await posts.list_hashtags(reader, post.id)])


async def _find_painted(reader: Reader, post: Post) -> PaintedWith | None:
    generation = await generations.find(reader, post.generation_id) if post.generation_id else None
    return read_manifest(generation.manifest) if generation else None


async def _titles(reader: Reader, post: Post) -> list[str]:
    poll = await polls.find(reader, post.id) if post.type == "Question" else None
    return [option.title for option in poll.options] if poll else []


def _image(url: str | None) -> ImageLink | None:
    return ImageLink(url, mimetypes.guess_type(url)[0] or "image/png") if url else None


async def _quoted(reader: Reader, post: Post) -> Quote | None:
    """What the post quotes, unless its author does not want that."""
    quote = await quotes.find(reader, post.id)
    return quote if quote is not None and quote.state in (quotes.ACCEPTED, quotes.PENDING) else None


async def _stamp(reader: Reader, kind: Kind, post: Post, target_id: int | None) -> str | None:
    """The proof that the post may do this with another one, where its author gave one."""
    consent = await consents.find_pair(reader, kind, post.uri, target_id) if target_id is not None else None
    return consent.stamp_uri if consent is not None and consent.state == consents.ACCEPTED else None


def represent_attachment(site: Site, picture: Media, painted: PaintedWith | None) -> AttachmentFields:
    """Return what is said of a picture that is there; `painted` is how we made it."""
    return AttachmentFields(
        url=site.media_url(picture.file_key or ""),
        media_type=picture.media_type,
        alt=picture.alt,
        width=picture.width or 0,
        height=picture.height or 0,
        blurhash=picture.blurhash,
        focal=(picture.focal_x, picture.focal_y or 0.0) if picture.focal_x is not None else None,
        digest_multibase=picture.digest_multibase,
        size=picture.bytes,
        generated=picture.is_generated,
        model=painted.model if painted else None,
        digital_source_type=_source_type(picture, painted),
    )


def _source_type(picture: Media, painted: PaintedWith | None) -> str | None:
    if painted is not None:
        return digital_source_type("rules" if painted.drawn_by_rules else "model")
    return source_type_of(picture.source) if picture.source else None


async def _attachments(reader: Reader, site: Site, post: Post) -> tuple[AttachmentFields, ...]:
    pictures = (await media.list_of_posts(reader, [post.id])).get(post.id, [])
    wishes = [picture.generation_id for picture in pictures if picture.generation_id is not None]
    made = await generations.find_many(reader, wishes) if wishes else {}
    return tuple(
        represent_attachment(
            site,
            picture,
            read_manifest(made[picture.generation_id].manifest) if picture.generation_id in made else None,
        )
        for picture in pictures
        if picture.file_key
    )


def _provenance(site: Site, painted: PaintedWith) -> Provenance:
    shown = site.config.posting.show_prompt
    return Provenance(
        engine=painted.engine,
        model=painted.model,
        model_revision=painted.revision,
        license=painted.license,
        prompt=painted.prompt if shown else None,
        negative=painted.negative if shown else None,
        seed=painted.seed,
        steps=painted.steps,
        guidance=painted.guidance,
        width=painted.width,
        height=painted.height,
        drawn_by_rules=painted.drawn_by_rules,
    )
