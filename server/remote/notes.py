"""Fetches a peer's post from its own origin. It must not store it: `actions.keep_note` does."""

from activitypub.authority import check_document, check_note, refuse_ours
from activitypub.reading import RemoteNote, read_note
from activitypub.vocabulary import without_fragment
from server.remote.profiles import fetch_document
from server.remote.seam import Reach


async def fetch_note(reach: Reach, uri: str) -> RemoteNote:
    """Fetch the post at `uri`: its id, or another address of it, which then must lead to the id.

    The post is its first author's word: it lies on that author's origin, and claims nothing of ours.

    Raises:
        FetchFailed: its server does not give it, or (`gone`) says that it was deleted.
        ProtocolError: what its server gives may not be believed.
    """
    uri = without_fragment(uri)
    refuse_ours(uri, reach.site.origin)
    document = await fetch_document(reach, uri)
    note = read_note(document.value)
    if note.id != uri:
        # Asked by its page: once more, by the id, which then must be the answer's.
        uri = note.id
        refuse_ours(uri, reach.site.origin)
        document = await fetch_document(reach, uri)
        note = read_note(document.value)
    check_document(uri, document.url, note.id)
    check_note(note.attributed_to, note, reach.site.origin)
    return note
