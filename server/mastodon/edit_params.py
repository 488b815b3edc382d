"""What clients send to change a post, and what is meant by it. It must not look anything up."""

import msgspec

from server.actions.writing.arrange import Described
from server.actions.writing.compose import Person
from server.actions.writing.edit import Change
from server.actions.writing.upload import About
from server.mastodon.ids import read_id
from server.mastodon.policy_params import InteractionPolicyParams, read_rules
from server.mastodon.post_params import PollParams, read_language, read_picture_ids, read_poll
from server.mastodon.resources.media import read_focus
from server.store.writing.posts import Post


class PictureParams(msgspec.Struct, kw_only=True):
    """What is said anew of one picture."""

    id: str
    description: str | None = None
    focus: str | None = None


class EditParams(msgspec.Struct, kw_only=True):
    """What a post is to say from now on. What is not sent stays as it is."""

    status: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    media_ids: list[str] | None = None
    media_attributes: list[PictureParams] = msgspec.field(default_factory=list)
    poll: PollParams | None = None
    quote_approval_policy: str | None = None
    reply_approval_policy: str | None = None
    interaction_policy: InteractionPolicyParams | None = None


def read_change(params: EditParams, post: Post, people: tuple[Person, ...]) -> Change:
    """Return the change that is meant. Raises Invalid, or NotFound for the id of a picture that can be nobody's."""
    sensitive = params.sensitive
    if params.spoiler_text:
        sensitive = True
    return Change(
        text=params.status,
        people=people,
        summary=params.spoiler_text,
        sensitive=post.sensitive if sensitive is None else sensitive,
        language=read_language(params.language),
        picture_ids=None if params.media_ids is None else read_picture_ids(params.media_ids),
        described=tuple(
            Described(read_id(one.id), About(one.description, read_focus(one.focus))) for one in params.media_attributes
        ),
        asked=read_poll(params.poll),
        quote_policy=params.quote_approval_policy or None,
        reply_policy=params.reply_approval_policy or None,
        rules=read_rules(params.interaction_policy),
    )
