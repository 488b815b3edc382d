"""Reads a submitted object into what we keep of it: harmless HTML, tags, own pictures, and the rest untouched.

It must not store anything.
"""

from dataclasses import dataclass

from activitypub import fields
from activitypub.activities import Document
from activitypub.extras import take_extras
from activitypub.languages import read_spoken
from activitypub.pictures import WISH_NAMES, read_wished
from activitypub.reading import RemoteNote, read_note
from activitypub.remote_note import MAX_CONTENT, MAX_SUMMARY, MAX_TITLE
from activitypub.submission import Addressed, Submission
from activitypub.vocabulary import NOTE_TYPES, PUBLIC_NAMES, as_list, types_of
from server.actions.clients.given import Given
from server.actions.painting.request_picture import ALT_AT_MOST
from server.actions.painting.wished import Part
from server.actions.writing.ask import OPTIONS_AT_MOST, Asked, check_poll
from server.actions.writing.compose import Person
from server.html import clean, linkify, plain_text
from server.ids import MICROSECONDS, parse_iso
from server.problems import Forbidden, Invalid
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import media
from server.store.writing.media import Media
from server.store.writing.posts import Mentioned

_Chosen = tuple[Media, str | None]

# Of a poll whose author names no end.
POLL_SECONDS = 86_400
# As many as are shown of a peer's post.
ATTACHMENTS_AT_MOST = 16
# A video has one for each size.
URLS_AT_MOST = 20
# Each may cost a look-up.
TAGS_AT_MOST = 100
_PLAIN = frozenset({"text/plain", "text/markdown"})
# These are a file themselves, which lies at their `url`.
MEDIA_TYPES = frozenset({"Audio", "Document", "Image", "Video"})
# Kept in columns, or made anew each time.
_KEPT_ELSEWHERE = frozenset({"mediaType", "nameMap"}) | WISH_NAMES
_POLL = frozenset({"oneOf", "anyOf", "endTime", "closed", "votersCount"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A submitted object. `people` are those of the mentioned whom it is addressed to; `in_reply_to` is a URI.

    `alts` are the alternative texts that the client wrote for its pictures, by their ids; `wished` are pictures that
    are not there, with a prompt in place of the file.
    """

    given: Given
    source: str
    summary: str | None
    sensitive: bool
    language: str | None
    in_reply_to: str | None
    people: tuple[Person, ...]
    picture_ids: tuple[int, ...]
    alts: tuple[tuple[int, str], ...] = ()
    asked: Asked | None = None
    wished: tuple[Part, ...] = ()


async def read_given(reader: Reader, site: Site, author: Actor, submission: Submission) -> Read:
    """Read the object of a Create.

    Raises:
        Forbidden: an attachment is somebody else's upload.
        Invalid: an attachment of ours is not there, or is part of another post.
        Malformed: it cannot be read as a post.
    """
    return await read_object(reader, site, author, submission.embedded, submission.addressed, submission=submission)


async def read_object(
    reader: Reader,
    site: Site,
    author: Actor,
    document: Document,
    addressed: Addressed,
    *,
    submission: Submission,
    post_id: int | None = None,
) -> Read:
    """Read an object that goes to `addressed`; `post_id` is the post that it is already, when it is changed."""
    kind = _type_of(document)
    shape = kind if kind in NOTE_TYPES else "Note"
    note = read_note({**document, "id": author.uri, "type": shape, "attributedTo": author.uri})
    own, wished, foreign = await _sort_attachments(reader, site, author, document, post_id)
    asked = read_asked(site, document) if kind == "Question" else None
    extra = _extra(document, foreign, addressed, _KEPT_ELSEWHERE | (_POLL if asked else frozenset()))
    mentioned = tuple(Mentioned(tag.href, tag.name) for tag in note.tags if tag.kind == "mention" and tag.href)
    published = parse_iso(note.published)
    given = Given(
        type=kind,
        content_html=_content(document, note),
        to=addressed.to,
        cc=addressed.cc,
        # The audience is written in a field of its own, which we keep with what we do not know.
        blind=(*addressed.blind, *addressed.audience),
        mentioned=mentioned,
        hashtags=tuple(tag.name.lstrip("#") for tag in note.tags if tag.kind == "hashtag" and tag.name.lstrip("#")),
        generated=fields.boolean(document, "genAI"),
        in_reply_to=note.in_reply_to,
        # A post from the future would stay on top for ever.
        published_at=min(published, site.clock.now()) if published is not None else None,
        extra=extra,
        activity={**submission.more, **addressed.document()},
    )
    return Read(
        given=given,
        source=_source(document),
        summary=plain_text(note.summary) if note.summary else None,
        sensitive=note.sensitive,
        language=note.language,
        in_reply_to=note.in_reply_to,
        people=await _find_people(reader, mentioned, addressed),
        picture_ids=tuple(dict.fromkeys(picture.id for picture, _ in own)),
        alts=tuple((picture.id, alt) for picture, alt in own if alt is not None and alt != picture.alt),
        asked=asked,
        wished=tuple(wished),
    )


def read_asked(site: Site, document: Document) -> Asked | None:
    """The poll of a Question; None where it is none that we can count, and then stays as it was written."""
    multiple = fields.field(document, "anyOf") is not None
    options = fields.objects(document, "anyOf" if multiple else "oneOf", OPTIONS_AT_MOST + 1)
    names = tuple(fields.text(one, "name", 1000) or "" for one in options)
    ends = parse_iso(fields.date(document, "endTime"))
    seconds = POLL_SECONDS if ends is None else (ends - site.clock.now()) // MICROSECONDS
    asked = Asked(options=names, seconds=seconds, multiple=multiple)
    try:
        check_poll(asked)
    except Invalid:
        return None
    return asked


def _type_of(document: Document) -> str:
    """The type by which it is known; of several the one that a post may have."""
    types = types_of(document)
    return next((name for name in types if name in NOTE_TYPES), types[0])


def _content(document: Document, note: RemoteNote) -> str:
    if not note.content_html:
        return ""
    if fields.text(document, "mediaType", 100) in _PLAIN:
        # The words themselves: the note has them as paragraphs already, whose links would not be ours.
        return linkify(fields.localised(document, "content", MAX_CONTENT)[0] or "")
    return clean(note.content_html)


def _source(document: Document) -> str:
    """What its author typed, where the client says (ActivityPub 3.3)."""
    found = fields.first(fields.field(document, "source"))
    return fields.text(found, "content", 100_000) or "" if isinstance(found, dict) else ""


def _extra(document: Document, foreign: list[object], addressed: Addressed, known: frozenset[str]) -> Document:
    extra = take_extras(document, known=known)
    if len(types_of(document)) > 1:
        extra["type"] = list(types_of(document))
    if name := fields.localised(document, "name", MAX_TITLE)[0]:
        extra["name"] = plain_text(name)
    extra |= _spoken(document)
    tags = [tag for tag in as_list(fields.field(document, "tag"))[:TAGS_AT_MOST] if not _is_known_tag(tag)]
    for key, values in (("attachment", foreign), ("tag", tags), ("url", _links(document))):
        if values:
            extra[key] = values
    if addressed.audience:
        extra["audience"] = list(addressed.audience)
    return extra


def _spoken(document: Document) -> Document:
    """Its words in all the languages that it has them in, as harmless as the words themselves."""
    is_plain = fields.text(document, "mediaType", 100) in _PLAIN
    found = {
        "contentMap": (linkify if is_plain else clean, read_spoken(document, "content", MAX_CONTENT)),
        "summaryMap": (plain_text, read_spoken(document, "summary", MAX_SUMMARY)),
        "nameMap": (plain_text, read_spoken(document, "name", MAX_TITLE, least=1)),
    }
    return {
        name: {language: tame(words) for language, words in spoken.items()}
        for name, (tame, spoken) in found.items()
        if spoken
    }


def _links(document: Document) -> list[object]:
    """Where else it lies."""
    links: list[object] = [one for one in as_list(fields.field(document, "url")) if isinstance(one, str | dict)]
    return links[:URLS_AT_MOST]


def _is_known_tag(tag: object) -> bool:
    if not isinstance(tag, dict):
        return True
    return bool({"Mention", "Hashtag"}.intersection(types_of(tag)))


async def _sort_attachments(
    reader: Reader, site: Site, author: Actor, document: Document, post_id: int | None
) -> tuple[list[_Chosen], list[Part], list[object]]:
    """The author's own uploads, what is to be painted, and whatever lies elsewhere, as it was written."""
    own: list[_Chosen] = []
    wished: list[Part] = []
    foreign: list[object] = []
    if MEDIA_TYPES.intersection(types_of(document)):
        for link in _links(document):
            shown = await find_upload(reader, site, author, {"url": link}, post_id=post_id)
            own += [(shown, _alt(document))] if shown is not None else []
        wished += _read_wished(document, 0)
    for value in as_list(fields.field(document, "attachment"))[:ATTACHMENTS_AT_MOST]:
        part = _read_wished(value, len(own) + len(wished))
        found = await find_upload(reader, site, author, value, post_id=post_id) if not part else None
        wished += part
        if found is not None:
            own.append((found, _alt(value)))
        elif isinstance(value, dict) and not part:
            foreign.append(value)
    return own, wished, foreign


def _alt(value: object) -> str | None:
    """What the client says that a picture shows; None where it says nothing."""
    if not isinstance(value, dict):
        return None
    return fields.localised(value, "summary", ALT_AT_MOST)[0] or fields.localised(value, "name", ALT_AT_MOST)[0]


def _read_wished(value: object, position: int) -> list[Part]:
    wished = read_wished(value) if isinstance(value, dict) and fields.uri_of(value) is None else None
    return [Part(position, wished)] if wished is not None else []


async def find_upload(
    reader: Reader, site: Site, author: Actor, value: object, *, post_id: int | None = None
) -> Media | None:
    """Find the upload that an attachment names, by its id or, in a copy, by its file; None for what is not ours.

    Raises:
        Forbidden: it is somebody else's.
        Invalid: it is not there, or part of another post.
    """
    uri = fields.uri_of(value)
    url = fields.media_url(value.get("url")) if isinstance(value, dict) else None
    if uri is not None and site.is_ours(uri):
        picture = await _find_by_id(reader, site, author, uri)
    elif url is not None and url.startswith(site.media_url("")):
        picture = await media.find_by_file(reader, author.id, url.removeprefix(site.media_url("")))
    else:
        return None
    if picture is None:
        raise Invalid("There is no such upload of yours.", field="attachment")
    if picture.post_id not in (None, post_id):
        raise Invalid("This upload is part of another post.", field="attachment")
    return picture


async def _find_by_id(reader: Reader, site: Site, author: Actor, uri: str) -> Media | None:
    if uri.startswith(site.media_url("")):
        return await media.find_by_file(reader, author.id, uri.removeprefix(site.media_url("")))
    number = uri.rpartition("/")[2]
    picture = await media.find(reader, int(number)) if number.isdecimal() and len(number) < 19 else None
    if picture is None:
        return None
    if picture.actor_id != author.id or uri != site.upload_uri(author.username, picture.id):
        raise Forbidden("This upload is somebody else's.")
    return picture


async def _find_people(reader: Reader, mentioned: tuple[Mentioned, ...], addressed: Addressed) -> tuple[Person, ...]:
    """Those who are both named and addressed; the others are not told (statement 91)."""
    told = frozenset(addressed.everybody) - PUBLIC_NAMES
    found = []
    for one in mentioned[:TAGS_AT_MOST]:
        actor = await actors.find_by_uri(reader, one.actor_uri) if one.actor_uri in told else None
        if actor is not None:
            found.append(Person(actor.handle, actor.uri, actor.url or actor.uri))
    return tuple(found)
