"""Fetches the stamp by which a peer's author lets something be done with a post. It must not store it."""

from activitypub.authority import check_document, check_stamp, refuse_ours
from activitypub.consent import Kind, Stamp, read_stamp
from activitypub.errors import Forbidden
from activitypub.vocabulary import same_origin
from server.remote.profiles import fetch_document
from server.remote.seam import Reach


async def fetch_stamp(reach: Reach, uri: str, *, kind: Kind, author: str, interacting: str, target: str) -> Stamp:
    """Fetch the stamp at `uri`, which must be for this deed with this post, and its author's.

    Raises:
        FetchFailed: its server does not give it, or (`gone`) says that it was taken back.
        ProtocolError: what its server gives is no such stamp.
    """
    refuse_ours(uri, reach.site.origin)
    # Before asking: anybody may name any address here, and have us knock there.
    if not same_origin(uri, author):
        raise Forbidden("the authorization lies on another origin than the author it speaks for")
    document = await fetch_document(reach, uri)
    stamp = read_stamp(document.value)
    check_document(uri, document.url, stamp.id)
    check_stamp(stamp, uri=uri, kind=kind, author=author, interacting=interacting, target=target)
    return stamp
