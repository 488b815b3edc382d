"""Gives one of our actors new keys, and has everybody told who knows the old ones. It must not make an RSA key itself.

Key ids stay as they are: Mastodon and Pixelfed know one key for an actor and its address, and Mastodon's own rotation
keeps it too. The Update is signed with the old keys, because GoToSocial takes a changed key only from whom it can
verify, and Mastodon takes it so without a second question (`tootctl accounts rotate`, `sign_with`).
"""

from activitypub import activities as build
from activitypub.vocabulary import PUBLIC
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_actor
from server.actions.people.register import KeyPair, build_keys
from server.ids import MICROSECONDS
from server.problems import NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors, retired_keys
from server.store.people.actors import Actor
from server.store.people.retired_keys import RetiredKey
from server.store.ties import follows

# Whom one follows knows the key as well, having sent posts here; more than that hear of it when they meet it.
FOLLOWED_AT_MOST = 1000
# A fan-out has begun by then, so that its deliveries say whether it is over.
KEPT_SECONDS = 3600
# Deliveries are tried for three days; an announcement that went to nobody has none.
KEPT_SECONDS_AT_MOST = 7 * 86_400


async def rotate_keys(tx: Transaction, site: Site, actor: Actor, pair: KeyPair) -> None:
    """Replace both keys of an actor at once, and announce it.

    The instance's own actor has no followers: peers find its new key when the old one does not fit.

    Raises:
        NotFound: it has no keys, as after its deletion.
    """
    old = [key for key in await actors.list_keys(tx, actor.id) if key.private_pem is not None]
    if not old:
        raise NotFound("This account has no key.")
    signing, proving = build_keys(site, actor, pair)
    await actors.replace_keys(tx, actor.id, [signing, proving])
    if actor.followers_uri is None:
        return
    activity_id, uri = mint(site, actor)
    shown = await represent_actor(tx, site, actor, signing, proving)
    document = build.update(uri, actor.uri, shown, to=[PUBLIC, actor.followers_uri])
    followed = await follows.list_following(tx, actor.id, limit=FOLLOWED_AT_MOST)
    # Nobody else learns whom one follows: they are taken out before anything is sent.
    document["bto"] = [one.uri for _, one in followed if not one.local]
    await send(tx, site, actor, activity_id, document, object_uri=actor.uri)
    now = site.clock.now()
    for key in old:
        retired = RetiredKey(activity_id, key.kind, key.key_id, str(key.private_pem), key.created_at, now)
        await retired_keys.add(tx, retired)


async def drop_retired_keys(tx: Transaction, site: Site) -> None:
    """Forget the old keys of those whose new ones have been announced."""
    now = site.clock.now()
    before, too_old = now - KEPT_SECONDS * MICROSECONDS, now - KEPT_SECONDS_AT_MOST * MICROSECONDS
    await retired_keys.drop_done(tx, before=before, too_old=too_old)
