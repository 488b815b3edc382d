"""What an ActivityPub client settled itself about a post, where we make ours from a text. It must not store it."""

from dataclasses import dataclass, field

from activitypub.activities import Document
from activitypub.audience import Visibility, visibility_of
from server.store.people.actors import Actor
from server.store.writing.posts import Mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The object as its author's client wrote it: sanitised HTML, and exactly these recipients and no others.

    `to` and `cc` stand in the document, `blind` (bto and bcc) do not; `extra` is what we have no columns for.
    """

    type: str
    content_html: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    blind: tuple[str, ...] = ()
    mentioned: tuple[Mentioned, ...] = ()
    hashtags: tuple[str, ...] = ()
    generated: bool = False
    in_reply_to: str | None = None
    published_at: int | None = None
    extra: Document = field(default_factory=dict)
    # What the client wrote about the Create itself; also the recipients that the wire does not show.
    activity: Document = field(default_factory=dict)

    def visibility(self, author: Actor) -> Visibility:
        """Who may see it, by everybody it is addressed to."""
        return visibility_of(self.to, (*self.cc, *self.blind), author.followers_uri)
