"""The studio actor: the one who paints for people of other servers. It must not generate keys; that takes time."""

from dataclasses import replace

from server.actions.people.profile import NAME_AT_MOST, SUMMARY_AT_MOST, ProfileChange, change_profile
from server.actions.people.register import KeyPair, build_keys, build_person, check_username
from server.actions.writing.compose import compose
from server.problems import Conflict
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors
from server.store.people.actors import Actor

_ABOUT = {
    "off": "I do not paint for other servers at present; when I do, name me in a post with a prompt",
    "followers": "Follow me and name me in a post with a prompt",
    "anyone": "Name me in a post with a prompt",
}


async def find_studio(reader: Reader, site: Site) -> Actor | None:
    """Return the studio actor; None when it was never made, or somebody has an account by its name."""
    actor = await actors.find_by_uri(reader, site.actor_uri(site.config.commissions.actor))
    if actor is None or actor.type != "Service" or actor.gone_at is not None or actor.suspended_at is not None:
        return None
    return actor


async def ensure_studio(tx: Transaction, site: Site, keys: KeyPair) -> Actor:
    """Return the studio actor, making it at the first call and telling its followers when its description changed.

    Raises:
        Invalid: the configured name may not be one.
        Conflict: the name is somebody's account.
    """
    name = check_username(site.config.commissions.actor)
    uri = site.actor_uri(name)
    known = await actors.find_by_uri(tx, uri)
    if known is not None and known.type != "Service":
        raise Conflict(f"commissions.actor: {name} is somebody's account; choose another name for the studio actor.")
    if known is None:
        return await _make(tx, site, build_person(site, name, uri), keys)
    if is_up_to_date(site, known):
        return known
    return await change_profile(tx, site, known, ProfileChange(name=_name(site), summary=_summary(site)))


def is_up_to_date(site: Site, studio: Actor) -> bool:
    """Whether the actor says of itself what the configuration means now."""
    return studio.name == _name(site) and studio.summary_html == compose(site, _summary(site))


async def _make(tx: Transaction, site: Site, person: Actor, keys: KeyPair) -> Actor:
    studio = replace(person, type="Service", name=_name(site), summary_html=compose(site, _summary(site)))
    await actors.add(tx, studio)
    await actors.replace_keys(tx, studio.id, build_keys(site, studio, keys))
    return studio


def _name(site: Site) -> str:
    return f"{site.config.site.name[: NAME_AT_MOST - 7]} studio"


def _summary(site: Site) -> str:
    """Bots are asked to say what they are and who runs them."""
    about = _ABOUT[site.config.commissions.policy]
    contact = f"\n\nRun by {site.config.site.contact}" if site.config.site.contact else ""
    return f"{about}, and I answer with a generated picture. I am a bot.{contact}"[:SUMMARY_AT_MOST]
