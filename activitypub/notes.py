"""Builder of our Notes, in the one shape that all peers accept (and of the Tombstones they become).

It must not sanitise, choose an audience or count: it writes down what it is given. Keys stay flat and lists stay
lists: Pixelfed refuses documents deeper than 8 levels and posts whose attachment is not a list, and one bad
attachment makes it drop the whole post.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from activitypub.context import note_context
from activitypub.emoji import Emoji, build_tag
from activitypub.extras import put_back
from activitypub.interaction import Policy, write_policy
from activitypub.provenance import CONTEXT_TERMS, Provenance, note_terms
from activitypub.questions import QuestionFields, question_terms
from activitypub.vocabulary import AS2, LD_MEDIA_TYPE, QUOTE_REL

Document = dict[str, object]

# What Pixelfed takes; an attachment beyond it goes out without the figure rather than losing the post.
MAX_SIDE = 5000
BLURHASH_CHARACTERS = range(6, 165)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in the text: the actor's uri, and the name as @user@host."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A hashtag with its #, and the page that lists it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentFields:
    """A picture of a Note. `alt` is always there; `size` is in bytes; `focal` runs from -1 to 1 in both directions."""

    url: str
    media_type: str
    alt: str
    width: int
    height: int
    blurhash: str | None = None
    focal: tuple[float, float] | None = None
    digest_multibase: str | None = None
    size: int | None = None
    generated: bool = False
    model: str | None = None
    digital_source_type: str | None = None
    manifest_url: str | None = None
    hashtags: tuple[Hashtag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFields:
    """Everything that a Note document shows. `reply_authorization` is the stamp that lets it answer what it answers.

    `extras` are what its author's client wrote beyond that.
    """

    id: str
    attributed_to: str
    content_html: str
    url: str
    published: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    language: str | None = None
    summary: str | None = None
    sensitive: bool = False
    updated: str | None = None
    in_reply_to: str | None = None
    conversation: str | None = None
    context: str | None = None
    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    emoji: tuple[Emoji, ...] = ()
    attachments: tuple[AttachmentFields, ...] = ()
    replies: str | None = None
    likes: str | None = None
    shares: str | None = None
    gen_ai: bool = False
    generation: Provenance | None = None
    remix_of: str | None = None
    quote: str | None = None
    quote_authorization: str | None = None
    reply_authorization: str | None = None
    policy: Policy = field(default_factory=Policy)
    question: QuestionFields | None = None
    type: str = "Note"
    extras: Mapping[str, object] = field(default_factory=dict)


def build_note(note: NoteFields) -> Document:
    """The Note's document."""
    document: Document = {
        "@context": note_context(CONTEXT_TERMS),
        "id": note.id,
        "type": note.type,
        "attributedTo": note.attributed_to,
        "summary": note.summary,
        "inReplyTo": note.in_reply_to,
        "published": note.published,
        "url": note.url,
        "to": list(note.to),
        "cc": list(note.cc),
        "sensitive": note.sensitive,
        "content": note.content_html,
        "attachment": [build_attachment(entry, note.language) for entry in note.attachments],
        "tag": list(_tags(note)),
    }
    poll = question_terms(note.question, note.language) if note.question else {}
    return put_back(document | poll | _optional(note) | _origin(note), note.extras)


def build_tombstone(id: str, former_type: str, deleted: str) -> Document:
    """What stands where an object was; served with 410."""
    return {"@context": AS2, "id": id, "type": "Tombstone", "formerType": former_type, "deleted": deleted}


def _optional(note: NoteFields) -> Document:
    fields: Document = {
        "updated": note.updated,
        "conversation": note.conversation,
        "context": note.context,
        "contentMap": _spoken(note.language, note.content_html),
        "summaryMap": _spoken(note.language, note.summary),
        "replies": note.replies,
        "likes": note.likes,
        "shares": note.shares,
        "quote": note.quote,
        # Read by peers older than FEP-044f: Fedibird, Misskey, and those before either.
        "quoteUri": note.quote,
        "_misskey_quote": note.quote,
        "quoteUrl": note.quote,
        "quoteAuthorization": note.quote_authorization,
        "replyAuthorization": note.reply_authorization,
        "approvedBy": note.reply_authorization,
        "interactionPolicy": write_policy(note.policy),
    }
    return _present(fields)


def _spoken(language: str | None, text: str | None) -> Document | None:
    """A text once more, under the language that it is in."""
    return {language: text} if language and text else None


def _origin(note: NoteFields) -> Document:
    """How the picture came to be. The label is written only where it is true: absent means false (PieFed)."""
    terms = {} if note.generation is None else note_terms(note.generation)
    return terms | _present({"genAI": note.gen_ai or None, "remixOf": note.remix_of})


def build_attachment(entry: AttachmentFields, language: str | None = None) -> Document:
    """A picture as part of a post."""
    fields: Document = {
        "type": "Image",
        "mediaType": entry.media_type,
        "url": entry.url,
        # Mastodon and GoToSocial read summary first, Pixelfed reads name only.
        "name": entry.alt,
        "summary": entry.alt,
        "nameMap": _spoken(language, entry.alt),
        "width": _side(entry.width),
        "height": _side(entry.height),
        "blurhash": entry.blurhash if len(entry.blurhash or "") in BLURHASH_CHARACTERS else None,
        "focalPoint": None if entry.focal is None else list(entry.focal),
        "digestMultibase": entry.digest_multibase,
        "size": entry.size,
        "genAI": entry.generated or None,
        "generationModel": entry.model,
        "digitalSourceType": entry.digital_source_type,
        "manifest": entry.manifest_url,
        "tag": list(_hashtags(entry.hashtags)) or None,
    }
    return _present(fields)


def _side(pixels: int) -> int | None:
    return pixels if 0 < pixels <= MAX_SIDE else None


def _mentions(mentions: Iterable[Mention]) -> Iterable[Document]:
    return ({"type": "Mention", "href": mention.href, "name": mention.name} for mention in mentions)


def _hashtags(hashtags: Iterable[Hashtag]) -> Iterable[Document]:
    return ({"type": "Hashtag", "href": tag.href, "name": tag.name} for tag in hashtags)


def _tags(note: NoteFields) -> Iterable[Document]:
    yield from _mentions(note.mentions)
    yield from _hashtags(note.hashtags)
    yield from map(build_tag, note.emoji)
    yield from _quote_link(note.quote)


def _quote_link(quote: str | None) -> Iterable[Document]:
    """The quoted post as an object link (FEP-e232), as Mitra writes it."""
    if quote is None:
        return ()
    link: Document = {
        "type": "Link",
        "mediaType": LD_MEDIA_TYPE,
        "rel": QUOTE_REL,
        "href": quote,
        "name": f"RE: {quote}",
    }
    return (link,)


def _present(fields: Document) -> Document:
    return {name: value for name, value in fields.items() if value is not None}
