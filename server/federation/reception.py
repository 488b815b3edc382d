"""Decides over one delivery to an inbox: who vouches for it, and whether it is stored. It must not speak HTTP."""

import msgspec
import structlog

from activitypub import signatures
from activitypub.authority import check_activity
from activitypub.errors import Forbidden, Malformed, ProtocolError, Unauthorised
from activitypub.fields import date, first
from activitypub.oddity import is_odd
from activitypub.reading import Activity, read_activity, read_json
from activitypub.requests import SignedRequest
from activitypub.verified import Verified
from activitypub.vocabulary import without_fragment
from server.actions.network.hearsay import ask_origin, is_worth_asking
from server.actions.network.receive import is_played_again, receive
from server.brake import Brake
from server.federation import followers
from server.federation.gate import Gate
from server.federation.standing import Standings
from server.ids import MICROSECONDS, parse_iso
from server.remote.plain import make_plain
from server.remote.seam import FetchFailed
from server.remote.vouching import vouch
from server.services import Services
from server.store.people import actors

# What is forwarded by the rule (ActivityPub 7.1.2) is about posts. These do nothing when they come again, however old:
# a post is kept once, stays deleted (of an old one its origin is asked), knows its newest version. A Follow or Like of
# last year, which anybody brings again after its Undo, would count as new.
FORWARDED = frozenset({"Create", "Update", "Delete"})

# Each may cost a third server a question, and only what nothing vouches for needs one.
RUMOURS_AT_MOST = 100
RUMOURS_SECONDS = 600
DAY = 86_400 * MICROSECONDS

log = structlog.get_logger()


class Reception:
    """The one way in for activities of others."""

    def __init__(self, services: Services, gate: Gate) -> None:
        self._services = services
        self._gate = gate
        self._standings = Standings(services)
        self._rumours = Brake(services.site.clock, most=RUMOURS_AT_MOST, seconds=RUMOURS_SECONDS)

    async def take_in(self, request: SignedRequest) -> None:
        """Store what a peer sent, with its job; returns after the commit, or when there is nothing to keep.

        Raises:
            ProtocolError: the signature does not hold, or the signer may not say this.
            TooMany: its host, or the signer, brings more than we take.
            FetchFailed: the signer's key cannot be had.
        """
        if _may_be_farewell(request.body) and await self._is_farewell_of_a_stranger(request):
            return
        services = self._services
        verified = await services.keys.check(request)
        self._gate.admit(verified)
        await self._standings.check(verified)
        taken = await _read(request.body)
        if taken is None:
            return
        activity, body = taken
        try:
            check_activity(verified.actor_uri, activity, services.site.origin)
        except Unauthorised:
            await self._hear_forwarded(verified, activity, request.body)
            return
        async with services.database.read() as reader:
            if await is_played_again(reader, verified, activity):
                return
        await receive(services.database, services.site, verified, activity, body)
        await followers.compare(services, verified, request)

    async def _hear_forwarded(self, bringer: Verified, claimed: Activity, body: bytes) -> None:
        """Whoever brought it was not its actor: believe the signature inside, if the actor's own key made it.

        Without one that holds it is a rumour, and its origin is asked (statement 155).
        """
        if claimed.type not in FORWARDED:
            raise Forbidden(f"a {claimed.type} is taken from its own actor only")
        services = self._services
        try:
            verified, vouched_for = await vouch(services.keys, body)
            await self._standings.check(verified)
            activity = read_activity(read_json(vouched_for))
            if activity.type not in FORWARDED:
                raise Forbidden(f"a {activity.type} is taken from its own actor only")
            check_activity(verified.actor_uri, activity, services.site.origin)
        except (Unauthorised, Malformed, FetchFailed):
            await self._hear_rumour(bringer, claimed)
            return
        if self._may_be_forgotten(activity):
            await self._hear_rumour(bringer, activity)
            return
        await receive(services.database, services.site, verified, activity, vouched_for)

    def _may_be_forgotten(self, activity: Activity) -> bool:
        """Whether a post is so old, or says not how old, that its Delete may have come and gone; its origin knows."""
        document = first(activity.object)
        if activity.type != "Create" or not isinstance(document, dict):
            return False
        site = self._services.site
        published = parse_iso(date(document, "published"))
        kept_since = site.clock.now() - site.config.keeping.activity_days * DAY
        return published is None or published < kept_since

    async def _hear_rumour(self, bringer: Verified, claimed: Activity) -> None:
        """Have the origin asked, if its answer could matter; raises TooMany for who knows too many rumours."""
        services = self._services
        async with services.database.read() as reader:
            if not await is_worth_asking(reader, services.site, claimed):
                return
        self._rumours.spend(bringer.host)
        async with services.database.write() as tx:
            await ask_origin(tx, services.site, claimed)

    async def _is_farewell_of_a_stranger(self, request: SignedRequest) -> bool:
        """Whether somebody we never heard of deletes or changes their own account, or one that is gone deletes itself.

        It concerns nobody here, and the key that would vouch for a deleted one is gone (Mastodon does the same). An
        Update of one that is gone may say that it is back.
        """
        signatures.read(request)
        activity = _read_plainly(request.body)
        if activity is None or activity.type not in ("Delete", "Update") or activity.object_id != activity.actor:
            return False
        async with self._services.database.read() as reader:
            actor = await actors.find_by_uri(reader, without_fragment(activity.actor))
        return actor is None or (actor.gone_at is not None and activity.type == "Delete")


def _may_be_farewell(body: bytes) -> bool:
    return b"Delete" in body or b"Update" in body


def _read_plainly(body: bytes) -> Activity | None:
    """Read the activity of a sender nobody has vouched for, who must not make us run JSON-LD."""
    try:
        return read_activity(read_json(body))
    except ProtocolError:
        return None


async def _read(body: bytes) -> tuple[Activity, bytes] | None:
    """Read the activity, and say in which form it is kept: as it came, or as JSON-LD made it readable.

    None for what is none, which is taken and dropped as others do (peers.md 2.5).
    """
    try:
        document = read_json(body)
        if not is_odd(document):
            return read_activity(document), body
        plain = await make_plain(document)
        return read_activity(plain), msgspec.json.encode(plain)
    except ProtocolError as error:
        log.debug("inbox dropped", reason=str(error))
        return None
