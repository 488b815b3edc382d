"""Who we are, as one frozen bundle: configuration, addresses, clock, ids and queue. It must not do anything.

Every address of ours is built here from the configured origin, never from a request (a proxy changes that).
"""

from dataclasses import dataclass, field

from server.config import Config
from server.ids import Clock, Ids
from server.jobs.queue import IntakeQueue
from server.sealing import sign_name

# The server speaks for itself under this name (FEP-d556); nobody may register it.
INSTANCE_NAME = "instance"


@dataclass(frozen=True, slots=True)
class Site:
    """The instance, handed to every action. `secret` signs what only we may have written: cookies, forms, addresses."""

    config: Config
    clock: Clock
    ids: Ids
    queue: IntakeQueue
    secret: bytes = field(repr=False)

    @property
    def domain(self) -> str:
        """The part of our handles after the @; carries a port on loopback."""
        return self.config.site.domain

    @property
    def origin(self) -> str:
        """Scheme and authority of every address of ours, without a slash at the end."""
        return f"{'http' if self.config.federation.allow_http else 'https'}://{self.domain}"

    @property
    def instance_uri(self) -> str:
        """The id of the actor that signs our fetches."""
        return f"{self.origin}/actor"

    @property
    def shared_inbox(self) -> str:
        """The inbox that all our people share."""
        return f"{self.origin}/inbox"

    @property
    def uploads_uri(self) -> str:
        """Where ActivityPub clients send files, and wishes for pictures (`uploadMedia`)."""
        return f"{self.origin}/uploads"

    @property
    def proxy_uri(self) -> str:
        """Where ActivityPub clients have documents fetched (`proxyUrl`)."""
        return f"{self.origin}/proxy"

    def actor_uri(self, username: str) -> str:
        """The id of one of our people."""
        return f"{self.origin}/users/{username}"

    def profile_url(self, username: str) -> str:
        """The page of one of our people."""
        return f"{self.origin}/@{username}"

    def post_uri(self, username: str, post_id: int) -> str:
        """The id of one of our posts."""
        return f"{self.origin}/users/{username}/posts/{post_id}"

    def post_url(self, username: str, post_id: int) -> str:
        """The page of one of our posts."""
        return f"{self.origin}/@{username}/{post_id}"

    def upload_uri(self, username: str, media_id: int) -> str:
        """The id of a picture that one of our people uploaded, also before it is part of a post."""
        return f"{self.origin}/users/{username}/media/{media_id}"

    def collection_uri(self, username: str, collection_id: int) -> str:
        """The id of a collection that one of our people keeps."""
        return f"{self.origin}/users/{username}/collections/{collection_id}"

    def stamp_uri(self, actor_uri: str, consent_id: int) -> str:
        """The id of the proof that an author lets something be done with a post."""
        return f"{actor_uri}/stamps/{consent_id}"

    def activity_uri(self, actor_uri: str, activity_id: int) -> str:
        """The id of an activity of ours; under the actor's own id (Pixelfed looks there)."""
        return f"{actor_uri}/activities/{activity_id}"

    def hashtag_url(self, name: str) -> str:
        """The page of a hashtag, given without its sign."""
        return f"{self.origin}/tags/{name}"

    def emoji_uri(self, name: str) -> str:
        """The id of one of our custom emoji."""
        return f"{self.origin}/emojis/{name}"

    def media_url(self, key: str) -> str:
        """The address of a stored file."""
        return f"{self.origin}/media/{key}"

    def media_key(self, url: str) -> str | None:
        """The key of the stored file at an address of ours; None for any other address."""
        prefix = self.media_url("")
        return url.removeprefix(prefix) if url.startswith(prefix) else None

    def peer_file_url(self, kind: str, number: int, url: str, size: str = "full") -> str:
        """The address at which we show a file of a peer's: nobody can guess it, and it changes with `url`.

        `kind` and `number` say in which row of ours `url` stands.
        """
        return f"{self.origin}/peers/{kind}/{number}/{self.peer_file_name(kind, number, url)}/{size}"

    def peer_file_name(self, kind: str, number: int, url: str) -> str:
        """The part of such an address that proves that we wrote it."""
        return sign_name(self.secret, "peer file", kind, str(number), url)

    def is_ours(self, uri: str) -> bool:
        """Whether a URI is on our origin."""
        return uri == self.origin or uri.startswith(f"{self.origin}/")
