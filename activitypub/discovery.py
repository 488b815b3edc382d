"""Finding things: WebFinger (RFC 7033), host-meta and NodeInfo, as documents and as questions to be read.

It must not know which accounts exist: the door looks them up.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import quoteattr, unescape

from activitypub.errors import Malformed
from activitypub.fields import is_uri
from activitypub.vocabulary import LD_MEDIA_TYPE, MEDIA_TYPE, host_of, read_host, same_origin

JRD_MEDIA_TYPE = "application/jrd+json"
XRD_MEDIA_TYPE = "application/xrd+xml"
NODEINFO_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
MAX_RESOURCE = 2048  # as long as any address we accept
HOST_META_BYTES = 16_384  # honest ones have some hundred

NodeInfoVersion = Literal["2.0", "2.1"]

REPOSITORY = "https://github.com/pinxit/pinxit"

_USER_COUNTS = ("total", "activeMonth", "activeHalfyear")
_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:.")
_LINK = re.compile(r"<(?:[A-Za-z]{1,20}:)?Link\s([^<>]{1,4096})>")
_ATTRIBUTE = re.compile(r"\b(rel|template|type)\s{0,9}=\s{0,9}([\"'])([^\"'<>]{0,2048})\2")
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_USER = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]{0,254}[a-zA-Z0-9_])?\Z")


@dataclass(frozen=True, slots=True)
class Acct:
    """A question about user@host, on a host that is ours; `user` in lower case."""

    user: str


@dataclass(frozen=True, slots=True)
class Uri:
    """A question about an address on our origin: an actor's id or a profile page."""

    uri: str


def parse_handle(text: str) -> tuple[str, str]:
    """(user, host) from `@user@host`, `user@host` or `acct:user@host`, the host normalised. Raises Malformed."""
    user, separator, host = text[:MAX_RESOURCE].removeprefix("acct:").removeprefix("@").partition("@")
    if not separator or not _USER.match(user):
        raise Malformed(f"expected user@host, found {text[:200]!r}")
    return user, read_host(host)


def read_resource(text: str | None, domain: str, origin: str) -> Acct | Uri | None:
    """What a WebFinger query asks for; None if that is well-formed and not ours (404).

    `domain` is the host in our handles, `origin` where our documents lie. Raises Malformed (400) if it has
    no scheme or its account no host.
    """
    if not text or len(text) > MAX_RESOURCE or not _SCHEME.match(text):
        raise Malformed("expected a resource such as acct:user@host")
    if text[:5].lower() == "acct:":
        user, host = parse_handle(text[5:])
        return Acct(user.lower()) if host in (read_host(domain), host_of(origin)) else None
    if text[:4].lower() == "http":
        return Uri(text) if same_origin(text, origin) else None
    return None


def webfinger(
    subject: str,
    *,
    actor_uri: str,
    profile_url: str | None,
    subscribe_template: str | None,
    aliases: Iterable[str] = (),
    rels: Collection[str] = (),
) -> dict[str, object]:
    """The JRD of an actor; `subject` is user@host. `rels` keeps only links of these kinds (RFC 7033 section 4.3)."""
    links: list[dict[str, object]] = [{"rel": "self", "type": MEDIA_TYPE, "href": actor_uri}]
    if profile_url is not None:
        links.insert(0, {"rel": _PROFILE_PAGE, "type": "text/html", "href": profile_url})
    if subscribe_template is not None:
        links.append({"rel": _SUBSCRIBE, "template": subscribe_template})
    return {
        "subject": f"acct:{subject}",
        "aliases": list(dict.fromkeys(filter(None, (profile_url, actor_uri, *aliases)))),
        "links": [link for link in links if not rels or link["rel"] in rels],
    }


def host_meta(origin: str) -> str:
    """The XRD that leads old peers to WebFinger."""
    template = quoteattr(f"{origin}/.well-known/webfinger?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" type="{JRD_MEDIA_TYPE}" template={template}/>\n'
        "</XRD>\n"
    )


def read_host_meta(body: bytes) -> str | None:
    """The template by which a host-meta document says where WebFinger lies; None where it says nothing usable.

    Read as text and not as XML: there are no entities that could grow (Pleroma's accident), and nothing is resolved.
    """
    try:
        text = _without_comments(body[:HOST_META_BYTES].decode("utf-8"))
    except UnicodeDecodeError:
        return None
    for found in _LINK.finditer(text):
        attributes = {name: unescape(value, _QUOTES) for name, _, value in _ATTRIBUTE.findall(found[1])}
        template = attributes.get("template", "")
        if attributes.get("rel") == "lrdd" and "{uri}" in template and is_uri(template.replace("{uri}", "x")):
            return template
    return None


def nodeinfo_index(origin: str, instance_actor_uri: str | None = None) -> dict[str, object]:
    """The list of NodeInfo documents, with the instance's own actor beside them (FEP-d556)."""
    links = [{"rel": NODEINFO_SCHEMA + version, "href": f"{origin}/nodeinfo/{version}"} for version in ("2.1", "2.0")]
    if instance_actor_uri is not None:
        links.append({"rel": "https://www.w3.org/ns/activitystreams#Application", "href": instance_actor_uri})
    return {"links": links}


def nodeinfo(
    version: NodeInfoVersion,
    *,
    software_version: str,
    users: Mapping[str, int],
    posts: int | None,
    open_registrations: bool,
    metadata: Mapping[str, object],
) -> dict[str, object]:
    """The NodeInfo document in one of its two versions.

    `users` counts people under total, activeMonth and activeHalfyear; a number that is not known stays away.
    """
    usage: dict[str, object] = {"users": {name: users[name] for name in _USER_COUNTS if name in users}}
    if posts is not None:
        usage["localPosts"] = posts
    software = {"name": "pinxit", "version": software_version}
    if version == "2.1":  # 2.0 has no place for it, and its schema refuses what it has no place for
        software["repository"] = REPOSITORY
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": open_registrations,
        "usage": usage,
        "metadata": dict(metadata),
    }


def is_actor_link(rel: object, media_type: object) -> bool:
    """Whether a WebFinger link leads to an actor; Mitra writes the profiled type, all others the short one."""
    return rel == "self" and media_type in (MEDIA_TYPE, LD_MEDIA_TYPE)


def _without_comments(text: str) -> str:
    """What is left of a document without its comments, and without the rest of one that has no end."""
    kept = []
    while text:
        before, _, after = text.partition("<!--")
        kept.append(before)
        text = after.partition("-->")[2]
    return "".join(kept)
