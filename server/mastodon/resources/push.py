"""Where a client wants to be woken: one subscription for each token (RFC 8030)."""

import msgspec

from server.actions.telling.subscribe import ALERTS, Door, change_subscription, subscribe
from server.mastodon.call import Call
from server.mastodon.entities.notices import PushAlerts, PushSubscription
from server.mastodon.ids import NOT_FOUND
from server.mastodon.route import Empty, Route
from server.oauth.bearer import read_header
from server.problems import Invalid, NotFound
from server.remote.guard import Guard
from server.remote.keepsake import lock_away
from server.remote.sealing import read_addressee
from server.remote.seam import Refused
from server.remote.vapid import public_key
from server.store.telling import push
from server.store.telling.push import Subscription

# Those of real push services have some 200 letters.
ENDPOINT_LETTERS_AT_MOST = 2048


class Keys(msgspec.Struct, kw_only=True):
    """What the client's push service gave it."""

    p256dh: str
    auth: str


class Wanted(msgspec.Struct, kw_only=True):
    """A subscription as the client has it; `standard`: RFC 8291, else the draft that older apps know."""

    endpoint: str
    keys: Keys
    standard: bool = False


class Data(msgspec.Struct, kw_only=True):
    """What wakes the client, and by whom: all, followed, follower or none."""

    alerts: PushAlerts = PushAlerts()
    policy: str | None = None


class Creation(msgspec.Struct, kw_only=True):
    """A new subscription; some apps say the policy outside of `data`."""

    subscription: Wanted
    data: Data = msgspec.field(default_factory=Data)
    policy: str | None = None


class Change(msgspec.Struct, kw_only=True):
    """What is to wake the client from now on."""

    data: Data = msgspec.field(default_factory=Data)
    policy: str | None = None


async def create(call: Call, wanted: Creation) -> PushSubscription:
    """Wake this client from now on, in place of what it had before."""
    door = _read_door(call, wanted.subscription)
    async with call.database.write() as tx:
        made = await subscribe(
            tx,
            call.site,
            call.me,
            door,
            alerts=_chosen(wanted.data.alerts),
            policy=wanted.data.policy or wanted.policy or "all",
        )
    return _show(call, made)


async def show(call: Call) -> PushSubscription:
    """Return the subscription of this token."""
    async with call.database.read() as reader:
        found = await push.find_of_token(reader, _token_hash(call))
    if found is None:
        raise NotFound(NOT_FOUND)
    return _show(call, found)


async def change(call: Call, wanted: Change) -> PushSubscription:
    """Choose anew what wakes this client."""
    policy = wanted.data.policy or wanted.policy
    async with call.database.write() as tx:
        changed = await change_subscription(tx, _token_hash(call), alerts=_chosen(wanted.data.alerts), policy=policy)
    return _show(call, changed)


async def remove(call: Call) -> Empty:
    """Wake this client no more."""
    async with call.database.write() as tx:
        await push.drop_of_token(tx, _token_hash(call))
    return Empty()


def _read_door(call: Call, wanted: Wanted) -> Door:
    """Check where a client wants to be woken. Raises Invalid for what we would not or could not send to."""
    settings = call.site.config.federation
    guard = Guard(call.site.origin, settings.allow_http, settings.allow_private_addresses)
    if len(wanted.endpoint) > ENDPOINT_LETTERS_AT_MOST:
        raise Invalid("Validation failed: Endpoint is too long", field="endpoint")
    try:
        guard.check_url(wanted.endpoint)
        read_addressee(wanted.endpoint, wanted.keys.p256dh, wanted.keys.auth, standard=wanted.standard)
    except Refused as refusal:
        raise Invalid(f"Validation failed: Endpoint: {refusal.reason}", field="endpoint") from None
    except ValueError:
        raise Invalid("Validation failed: Keys are invalid", field="keys") from None
    sent = read_header(call.request.headers.get("Authorization")) or ""
    return Door(
        token_hash=_token_hash(call),
        sealed_token=lock_away(call.services.secret, sent),
        endpoint=wanted.endpoint,
        p256dh=wanted.keys.p256dh,
        auth=wanted.keys.auth,
        standard=wanted.standard,
    )


def _token_hash(call: Call) -> str:
    if call.bearer is None:
        raise RuntimeError("this route does not demand a token")
    return call.bearer.token_hash


def _chosen(alerts: PushAlerts) -> list[str]:
    fields = msgspec.structs.fields(alerts)
    return [field.encode_name for field in fields if getattr(alerts, field.name)]


def _show(call: Call, found: Subscription) -> PushSubscription:
    wanted = {one.replace(".", "_"): one in found.wanted for one in ALERTS}
    return PushSubscription(
        id=found.id,
        endpoint=found.endpoint,
        standard=found.standard,
        alerts=PushAlerts(**wanted),
        server_key=public_key(call.services.secret),
        policy=found.policy,
    )


_PATH = "/api/v1/push/subscription"

ROUTES = (
    Route("POST", _PATH, create, "push", "person", Creation, gives=PushSubscription),
    Route("GET", _PATH, show, "push", "person", gives=PushSubscription),
    Route("PUT", _PATH, change, "push", "person", Change, gives=PushSubscription),
    Route("DELETE", _PATH, remove, "push", "person"),
)
