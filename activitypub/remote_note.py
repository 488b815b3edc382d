"""A peer's Note, or anything shown like one → a frozen note.

It must not sanitise, fetch, or decide whether the author may say this: `authority.check_note` does the last.
Limits cut rather than refuse, so that one odd field never loses a post; each has its reason beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from activitypub import fields
from activitypub.consent import Kind, named_stamp
from activitypub.emoji import Emoji, read_tags
from activitypub.errors import Malformed
from activitypub.fields import Document
from activitypub.interaction import Policy, read_policy
from activitypub.provenance import ALGORITHMIC, COMPOSITE, TRAINED
from activitypub.questions import QuestionFields, read_question
from activitypub.vocabulary import NOTE_TYPES, QUOTE_REL, as_list, types_of

MAX_CONTENT = 100_000  # fifty times the longest post that usual servers allow; articles fit
MAX_TITLE = 2048  # Mastodon's for names
MAX_SUMMARY = 20_000  # Mastodon's for summaries
MAX_ALT = 10_000  # Mastodon's for descriptions
MAX_ATTACHMENTS = 16  # Pixelfed allows 20 by its most generous setting, others 4
MAX_TAGS = 100  # T53: each mention may cost a look-up
MAX_AUTHORS = 8  # PeerTube names a channel and a person
MAX_CONVERSATION = 1024
MAX_TOTAL = 2**31 - 1  # what a count has room for
MAX_SIDE = 65_535  # the largest JPEG

_BLURHASH = re.compile(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,164}\Z")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+", re.IGNORECASE)
_MEDIA_KINDS = frozenset({"Audio", "Document", "Image", "Video"})
_TAG_KINDS: dict[str, Literal["hashtag", "mention", "emoji"]] = {
    "Hashtag": "hashtag",
    "Mention": "mention",
    "Emoji": "emoji",
}
_PLAIN_TYPES = frozenset({"text/markdown", "text/plain"})
_QUOTE_NAMES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")


@dataclass(frozen=True, slots=True)
class RemoteTag:
    """A hashtag (name with its #), a mention (href is the actor), or an emoji (href is the picture)."""

    kind: Literal["hashtag", "mention", "emoji"]
    name: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAttachment:
    """A picture or other file. Width and height are what the peer says, not measured."""

    url: str
    media_type: str | None
    alt: str | None
    width: int | None
    height: int | None
    blurhash: str | None
    focal: tuple[float, float] | None
    digital_source_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How much came back to a post, as its own server counts; None where that does not stand in the post."""

    replies: int | None = None
    likes: int | None = None
    shares: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteNote:
    """What we use of a peer's post. `content_html` is unsanitised; `name` is the title of an Article and the like."""

    id: str
    type: str
    attributed_to: str
    authors: tuple[str, ...]
    name: str | None
    content_html: str | None
    summary: str | None
    sensitive: bool
    language: str | None
    url: str | None
    in_reply_to: str | None
    conversation: str | None
    context: str | None
    told: Told
    to: tuple[str, ...]
    cc: tuple[str, ...]
    tags: tuple[RemoteTag, ...]
    emoji: tuple[Emoji, ...]
    attachments: tuple[RemoteAttachment, ...]
    published: str | None
    updated: str | None
    replies: str | None
    gen_ai: bool
    quote: str | None
    quote_authorization: str | None
    reply_authorization: str | None
    policy: Policy
    question: QuestionFields | None
    remix_of: str | None
    raw: Document

    @property
    def is_answered(self) -> bool:
        """Whether it says that there are answers: by a number, or by the first of them."""
        if self.told.replies:
            return True
        for inner in fields.objects(self.raw, "replies", 1):
            page = next(fields.objects(inner, "first", 1), {})
            return any(as_list(holder.get(name)) for holder in (inner, page) for name in ("items", "orderedItems"))
        return False

    @property
    def is_vote(self) -> bool:
        """Whether it is a vote in a poll: the name of an option and no words of its own."""
        return self.type == "Note" and self.name is not None and not self.content_html and self.in_reply_to is not None


def read_note(document: Document) -> RemoteNote:
    """Read a Note, Question, Article, Page, Image, Video, Event … Raises Malformed without id, such a type, author."""
    content, language = fields.localised(document, "content", MAX_CONTENT)
    summary, warned_in = fields.localised(document, "summary", MAX_SUMMARY)
    name, named_in = fields.localised(document, "name", MAX_TITLE)
    attachments = tuple(_read_attachments(document))
    authors = _read_authors(document)
    return RemoteNote(
        id=fields.document_id(document),
        type=_read_type(document),
        attributed_to=authors[0],
        authors=authors,
        name=name,
        content_html=_as_html(content, document),
        summary=summary,
        sensitive=fields.boolean(document, "sensitive"),
        language=language or named_in or warned_in,
        url=_read_page(document),
        in_reply_to=fields.uri(document, "inReplyTo"),
        conversation=_read_conversation(document),
        context=fields.uri(document, "context"),
        told=_read_told(document),
        to=fields.recipients(document, "to"),
        cc=fields.recipients(document, "cc"),
        tags=tuple(_read_tags(document)),
        emoji=read_tags(document),
        attachments=attachments,
        published=fields.date(document, "published"),
        updated=fields.date(document, "updated"),
        replies=fields.uri(document, "replies"),
        gen_ai=_is_generated(document, attachments),
        quote=_read_quote(document),
        quote_authorization=fields.uri(document, "quoteAuthorization"),
        reply_authorization=named_stamp(document, Kind.REPLY),
        policy=read_policy(document),
        question=read_question(document),
        remix_of=fields.uri(document, "remixOf"),
        raw=document,
    )


def _as_html(content: str | None, document: Document) -> str | None:
    """The words as HTML, also of who writes them otherwise and says so: PeerTube's are Markdown, read as plain text."""
    if content is None or fields.text(document, "mediaType", 100) not in _PLAIN_TYPES:
        return content
    paragraphs = filter(None, (part.strip() for part in content.split("\n\n")))
    return "".join(f"<p>{_break_lines(part)}</p>" for part in paragraphs)


def _break_lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _read_type(document: Document) -> str:
    for name in types_of(document):
        if name in NOTE_TYPES:
            return name
    raise Malformed(f"expected a post, found {', '.join(types_of(document))[:200] or 'no type'}")


def _read_authors(document: Document) -> tuple[str, ...]:
    """All ids under attributedTo. One entry that cannot be read spoils the list: it could hide a false author."""
    value = fields.field(document, "attributedTo")
    listed = as_list(fields.field(document, "actor") if value is None else value)
    found = [fields.uri_of(entry) for entry in listed[:MAX_AUTHORS]]
    authors = tuple(uri for uri in found if uri is not None)
    if not authors or len(authors) != len(listed):
        raise Malformed("expected addresses of actors as 'attributedTo'")
    return authors


def _read_page(document: Document) -> str | None:
    """The page for people: a plain address or a Link to text/html, before any other."""
    links = as_list(fields.field(document, "url"))
    for link in links:
        if isinstance(link, str) or (isinstance(link, dict) and link.get("mediaType") == "text/html"):
            return fields.media_url(link)
    return fields.media_url(links)


def _read_conversation(document: Document) -> str | None:
    """The thread's name, an opaque word: tag: addresses are usual here."""
    return fields.text(document, "conversation", MAX_CONVERSATION) or fields.text(document, "context", MAX_CONVERSATION)


def _read_told(document: Document) -> Told:
    return Told(**{name: _read_total(document, name) for name in ("replies", "likes", "shares")})


def _read_total(document: Document, name: str) -> int | None:
    """The number in a collection that stands in the post (Mastodon writes likes and shares so)."""
    inner = next(fields.objects(document, name, 1), None)
    return None if inner is None else fields.integer(inner, "totalItems", least=0, most=MAX_TOTAL)


def _read_tags(document: Document) -> Iterator[RemoteTag]:
    for entry in fields.objects(document, "tag", MAX_TAGS):
        kind = next((_TAG_KINDS[name] for name in types_of(entry) if name in _TAG_KINDS), None)
        if kind is None:
            continue
        href = fields.media_url(entry.get("icon")) if kind == "emoji" else fields.media_url(entry.get("href"))
        name = fields.text(entry, "name", MAX_TITLE)
        if name or (kind == "mention" and href):
            yield RemoteTag(kind, name or "", href)


def _read_attachments(document: Document) -> Iterator[RemoteAttachment]:
    """The files of a post, and the post's own file where it is itself an Image, Video or the like."""
    if _MEDIA_KINDS.intersection(types_of(document)):
        yield from _read_own_files(document)
    for entry in fields.objects(document, "attachment", MAX_ATTACHMENTS):
        url = fields.media_url(entry.get("url"))
        if url is not None and entry.get("href") is None:
            yield _read_attachment(entry, url, _read_media_type(entry) or _linked_media_type(entry))


def _read_own_files(document: Document) -> Iterator[RemoteAttachment]:
    for link in fields.objects(document, "url", MAX_ATTACHMENTS):
        media_type, url = _read_media_type(link), fields.media_url(link)
        if url is not None and media_type is not None and media_type.startswith(("image/", "video/", "audio/")):
            yield _read_attachment(document, url, media_type)
            return
    own_type, url = _read_media_type(document), fields.media_url(document.get("url"))
    if url is not None and own_type is not None and own_type.startswith(("image/", "video/", "audio/")):
        yield _read_attachment(document, url, own_type)


def _read_attachment(entry: Document, url: str, media_type: str | None) -> RemoteAttachment:
    summary, name = fields.localised(entry, "summary", MAX_ALT)[0], fields.localised(entry, "name", MAX_ALT)[0]
    blurhash = fields.text(entry, "blurhash", 165)
    return RemoteAttachment(
        url=url,
        media_type=media_type,
        alt=summary or name,
        width=fields.integer(entry, "width", least=1, most=MAX_SIDE),
        height=fields.integer(entry, "height", least=1, most=MAX_SIDE),
        blurhash=blurhash if blurhash and _BLURHASH.match(blurhash) else None,
        focal=_read_focal(entry),
        digital_source_type=fields.text(entry, "digitalSourceType", fields.MAX_URI),
    )


def _read_media_type(entry: Document) -> str | None:
    found = _MEDIA_TYPE.match(fields.text(entry, "mediaType", 100) or "")
    return found[0].lower() if found else None


def _linked_media_type(entry: Document) -> str | None:
    """The media type that stands on the Link under `url`."""
    return next((_read_media_type(link) for link in fields.objects(entry, "url", 1)), None)


def _read_focal(entry: Document) -> tuple[float, float] | None:
    match fields.field(entry, "focalPoint"):
        case [int() | float() as x, int() | float() as y] if -1 <= x <= 1 and -1 <= y <= 1:
            return float(x), float(y)
    return None


def _read_quote(document: Document) -> str | None:
    """The quoted post under any of the names in use, or as an object link (FEP-e232)."""
    for name in _QUOTE_NAMES:
        if quoted := fields.uri(document, name):
            return quoted
    for entry in fields.objects(document, "tag", MAX_TAGS):
        if "Link" in types_of(entry) and QUOTE_REL in as_list(entry.get("rel")):
            return fields.media_url(entry.get("href"))
    return None


def _is_generated(document: Document, attachments: tuple[RemoteAttachment, ...]) -> bool:
    """PieFed's word for the whole post, or ours (IPTC's) on one of its pictures."""
    marked = any(entry.digital_source_type in (TRAINED, COMPOSITE, ALGORITHMIC) for entry in attachments)
    return marked or fields.boolean(document, "genAI")
