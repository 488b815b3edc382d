"""Asks a host by WebFinger who bears a name. It must not believe what one host says of another.

No host is asked with which we do not speak, whoever leads there.

Where WebFinger lies elsewhere, the host says so in its host-meta (RFC 6415), which is asked for after a 404 as Mastodon
does (app/lib/webfinger.rb): a domain may have its people on a server of another name without a redirect.
"""

from urllib.parse import quote

from activitypub.discovery import HOST_META_BYTES, JRD_MEDIA_TYPE, XRD_MEDIA_TYPE, read_host_meta
from activitypub.errors import Forbidden
from activitypub.reading import Finger, read_webfinger
from server.remote.seam import Document, FetchFailed, Onward, Reach
from server.remote.speaking import speaking

ACCEPT = f"{JRD_MEDIA_TYPE}, application/json"
# What hosts call their host-meta.
XRD_TYPES = frozenset({XRD_MEDIA_TYPE, "application/xml", "text/xml"})


async def ask_webfinger(reach: Reach, handle: str, *, scheme: str = "https", to_judge: bool = False) -> Finger:
    """Ask a host about `user@host`, once more where the answer names another host; raises like `fetch_profile`.

    `to_judge` is for proving a name that somebody has (`speaking`).
    """
    check = speaking(reach, to_judge=to_judge)
    finger = await _ask_once(reach, handle, scheme, check)
    if finger.subject.lower() == handle.lower():
        return finger
    confirmed = await _ask_once(reach, finger.subject, scheme, check)
    if confirmed.actor_uri != finger.actor_uri or confirmed.subject.lower() != finger.subject.lower():
        raise Forbidden(f"{handle} points to {finger.subject}, which does not agree")
    return confirmed


async def _ask_once(reach: Reach, handle: str, scheme: str, check: Onward) -> Finger:
    origin, resource = f"{scheme}://{handle.rpartition('@')[2]}", f"acct:{quote(handle, safe='@:')}"
    try:
        document = await _fetch(reach, f"{origin}/.well-known/webfinger?resource={resource}", check)
    except FetchFailed as failure:
        address = await _find_elsewhere(reach, origin, resource, check) if failure.status == 404 else None
        if address is None:
            raise
        document = await _fetch(reach, address, check)
    return read_webfinger(document.value, expected=handle)


async def _fetch(reach: Reach, address: str, check: Onward) -> Document:
    await check(address)
    return await reach.peers.fetch_json(address, ACCEPT, onward=check)


async def _find_elsewhere(reach: Reach, origin: str, resource: str, check: Onward) -> str | None:
    """Where a host says that it is asked about its people, if that is not where it was just asked."""
    try:
        body, kind = await reach.peers.download(f"{origin}/.well-known/host-meta", HOST_META_BYTES, onward=check)
    except FetchFailed:
        return None
    template = read_host_meta(body) if kind in XRD_TYPES else None
    if template is None or template.partition(":")[0] != origin.partition(":")[0]:
        return None
    return None if template.startswith(f"{origin}/.well-known/webfinger?") else template.replace("{uri}", resource)
