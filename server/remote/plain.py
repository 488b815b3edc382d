"""Brings documents that only JSON-LD can read into the form our readers know. It must never fetch a context."""

import asyncio

from activitypub import jsonld
from activitypub.oddity import is_odd

Document = dict[str, object]


async def make_plain(document: Document) -> Document:
    """Return the document itself, or compacted in a thread if it is odd; raises Malformed or TooLarge.

    At the size limit that takes a tenth of a second of CPU: only for who has signed or was asked.
    """
    if not is_odd(document):
        return document
    return await asyncio.to_thread(jsonld.compact, document)
