"""Answers who we are: WebFinger, host-meta, NodeInfo. It must not list our people."""

from urllib.parse import urlsplit

import msgspec
from quart import Response, request

from activitypub import discovery
from activitypub.discovery import Acct, NodeInfoVersion, Uri
from server.config import Config
from server.federation import respond
from server.federation.finding import ABSENT, Suspended, find_person
from server.ids import MICROSECONDS
from server.problems import NotFound
from server.remote.peers import VERSION
from server.services import Services
from server.site import INSTANCE_NAME, Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts

# Counting reads every post; nobody needs the numbers fresher.
COUNTED_SECONDS = 60


async def show_webfinger(services: Services) -> Response:
    """Answer whose address it is; raises Malformed, NotFound, Gone."""
    site = services.site
    asked = discovery.read_resource(request.args.get("resource"), site.domain, site.origin)
    uri = _actor_uri(site, asked)
    if uri is None:
        raise NotFound(ABSENT)
    async with services.database.read() as reader:
        actor = await _find(reader, uri)
    answer = discovery.webfinger(
        actor.handle,
        actor_uri=actor.uri,
        profile_url=actor.url,
        subscribe_template=f"{site.origin}/authorize_interaction?uri={{uri}}",
        rels=request.args.getlist("rel"),
    )
    return _json(answer, discovery.JRD_MEDIA_TYPE)


async def _find(reader: Reader, uri: str) -> Actor:
    """Find whom we name; a name that is suspended leads to nobody."""
    try:
        return await find_person(reader, uri)
    except Suspended:
        raise NotFound(ABSENT) from None


async def show_host_meta(services: Services) -> Response:
    """Answer old peers, which look for WebFinger here."""
    text = discovery.host_meta(services.site.origin)
    return respond.data(text.encode(), f"{discovery.XRD_MEDIA_TYPE}; charset=utf-8")


async def show_nodeinfo_index(services: Services) -> Response:
    """Answer where NodeInfo lies."""
    site = services.site
    return _json(discovery.nodeinfo_index(site.origin, site.instance_uri), "application/json; charset=utf-8")


class NodeInfo:
    """The NodeInfo documents, with numbers that are counted once a minute."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._counts = (0, 0)
        self._counted_until = 0

    async def show(self, services: Services, version: NodeInfoVersion) -> Response:
        """Answer with one version of the document."""
        users, written = await self._count()
        config = services.site.config
        document = discovery.nodeinfo(
            version,
            software_version=VERSION,
            users={"total": users},
            posts=written,
            open_registrations=config.accounts.registrations != "closed",
            metadata=_metadata(config),
        )
        profile = f"{discovery.NODEINFO_SCHEMA}{version}#"
        return _json(document, f'application/json; profile="{profile}"; charset=utf-8')

    async def _count(self) -> tuple[int, int]:
        now = self._services.site.clock.now()
        if now >= self._counted_until:
            async with self._services.database.read() as reader:
                self._counts = await actors.count_local(reader), await posts.count_local(reader)
            self._counted_until = now + COUNTED_SECONDS * MICROSECONDS
        return self._counts


def _metadata(config: Config) -> dict[str, object]:
    """What peers need to know of this kind of server, so that they can filter it without guessing."""
    return {
        "nodeName": config.site.name,
        "nodeDescription": config.site.description,
        "contact": config.site.contact,
        "generatedPictures": {
            "label": "genAI",
            "hashtag": config.posting.hashtag,
            "filtering": f"{discovery.REPOSITORY}/blob/main/docs/how-to-filter-us.md",
        },
        # For whom on other servers pictures are painted: off, followers or anyone.
        "commissions": config.commissions.policy,
    }


def _actor_uri(site: Site, asked: Acct | Uri | None) -> str | None:
    """The id of the actor that is asked about, whether or not there is one."""
    if asked is None:
        return None
    if isinstance(asked, Acct):
        return site.instance_uri if asked.user == INSTANCE_NAME else site.actor_uri(asked.user)
    path = urlsplit(asked.uri).path.rstrip("/").lower()
    if path in ("", urlsplit(site.instance_uri).path):
        return site.instance_uri
    for beginning in ("/users/", "/@"):
        name = path.removeprefix(beginning)
        if name != path and name and "/" not in name:
            return site.actor_uri(name)
    return None


def _json(value: dict[str, object], content_type: str) -> Response:
    return respond.data(msgspec.json.encode(value), content_type)
