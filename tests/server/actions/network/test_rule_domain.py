"""What the operator settles about other servers: rule by rule, and what each makes of what comes from there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.actions.network.rule_domain import choose_mode, lift_domain, rule_domain
from server.actions.network.shown_files import picture_url
from server.actions.people.restrain import unsuspend
from server.actions.ties.follow import follow
from server.problems import Conflict, Invalid, NotFound
from server.store.database import Reader
from server.store.network import audit, domain_rules, peer_files
from server.store.network.domain_rules import ALLOW, NOTHING, SILENCE, SUSPEND, Rule, parents_of
from server.store.network.peer_files import Held
from server.store.paging import Stretch
from server.store.people.actors import Actor
from server.store.reading import search, timelines
from server.store.reading.search import Finder
from server.store.reading.timelines import TagFilter, Viewer
from server.store.ties import follows
from server.store.writing import emojis, media, posts
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.photographs import photograph
from tests.remote_host import Person, RemoteHost, Shown

PICTURE = {"type": "Document", "mediaType": "image/jpeg", "url": "https://sub.remote.example/1.jpg"}


@dataclass
class Place:
    house: Instance
    alice: Actor
    victor: Person

    async def rule(self, **rule: object) -> Rule:
        async with self.house.database.write() as tx:
            made = Rule(**({"domain": "remote.example", "severity": NOTHING, "created_at": 0} | rule))  # type: ignore[arg-type]
            kept = await rule_domain(tx, self.house.site, made)
        self.house.clock.advance(61)
        await run_jobs_until_idle(self.house)
        return kept

    async def lift(self, domain: str = "remote.example") -> None:
        async with self.house.database.write() as tx:
            await lift_domain(tx, self.house.site, domain)
        self.house.clock.advance(61)

    async def send(self, document: dict[str, object]) -> int:
        status = await self.victor.send(document, f"{self.house.origin}/inbox")
        await run_jobs_until_idle(self.house)
        return status

    async def write(self, **more: object) -> Post:
        """Let victor write to alice, with a picture."""
        note = self.victor.note(attachment=[PICTURE], cc=[self.alice.uri, self.victor.followers], **more)
        assert await self.send(self.victor.create(note)) == 202
        async with self.house.database.read() as reader:
            kept = await posts.find_by_uri(reader, str(note["id"]))
        assert kept is not None
        return kept

    async def met(self, post: Post, viewer: Actor | None = None) -> list[str]:
        """Where the viewer, or a stranger, meets a post unasked."""
        seen = Viewer(viewer.id if viewer else 0, self.house.clock.now())
        finder = Finder(seen.id, viewer.uri if viewer else "", seen.now)
        async with self.house.database.read() as reader:
            places = {
                "public": await timelines.read_public(reader, Stretch(), viewer=seen),
                "tag": await timelines.read_tag(reader, TagFilter(any=("boats",)), Stretch(), viewer=seen),
                "search": await search.find_posts(reader, "hello", finder),
            }
        return [name for name, found in places.items() if post.id in [one.id for one in found]]

    async def choose(self, *, listed_only: bool) -> bool:
        async with self.house.database.write() as tx:
            changed = await choose_mode(tx, self.house.site, listed_only=listed_only)
        self.house.clock.advance(61)
        return changed

    async def state(self) -> str | None:
        """How victor's follow of alice stands."""
        victor = await self.house.actor(self.victor.uri)
        async with self.house.database.read() as reader:
            follow = await follows.find(reader, victor.id, self.alice.id)
        return follow.state if follow else None


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path / "house", network, clock) as house:
        alice = await house.register("alice")
        yield Place(
            house,
            alice,
            RemoteHost(network, clock, origin="https://sub.remote.example").person("victor", indexable=True),
        )


async def test_s174_a_suspension_covers_every_name_below_its_domain(place: Place) -> None:
    await place.rule(severity=SUSPEND)
    assert await place.send(place.victor.activity("Follow", place.alice.uri)) == 403
    assert place.victor.host.gets == []


async def test_a_suspension_ends_follows_and_hides_who_is_there(place: Place) -> None:
    await place.send(place.victor.activity("Follow", place.alice.uri))
    kept = await place.rule(severity=SUSPEND)

    assert await place.state() is None
    assert (await place.house.actor(place.victor.uri)).suspended_at == kept.created_at


async def test_a_lifted_suspension_shows_again_whom_it_hid_and_nobody_else(place: Place) -> None:
    await place.send(place.victor.activity("Follow", place.alice.uri))
    await place.rule(severity=SUSPEND)
    await place.lift()

    assert (await place.house.actor(place.victor.uri)).suspended_at is None
    assert await place.send(place.victor.activity("Follow", place.alice.uri)) == 202
    assert await place.state() == "accepted"


async def test_a_silenced_server_must_wait_and_is_in_no_public_timeline(place: Place) -> None:
    await place.rule(severity=SILENCE)
    await place.send(place.victor.activity("Follow", place.alice.uri))
    assert await place.state() == "pending"
    post = await place.write(tag=[{"type": "Hashtag", "name": "#boats"}])
    assert post.visibility == "public"
    assert await place.met(post) == []


async def test_what_came_before_the_silence_leaves_too_and_comes_back_when_it_ends(place: Place) -> None:
    post = await place.write(tag=[{"type": "Hashtag", "name": "#boats"}])
    assert await place.met(post) == ["public", "tag", "search"]

    await place.rule(severity=SILENCE)
    assert await place.met(post) == []
    await place.lift()

    assert await place.met(post) == ["public", "tag", "search"]


async def test_who_follows_somebody_silenced_meets_them_everywhere(place: Place) -> None:
    post = await place.write(tag=[{"type": "Hashtag", "name": "#boats"}])
    await place.rule(severity=SILENCE)
    victor = await place.house.actor(place.victor.uri)
    async with place.house.database.write() as tx:
        await follow(tx, place.house.site, place.alice, victor)
        await follows.accept(tx, place.alice.id, victor.id, at=place.house.clock.now())

    assert await place.met(post, viewer=place.alice) == ["public", "tag", "search"]
    assert await place.met(post) == []


async def test_somebody_new_at_a_silenced_server_is_silenced_too(place: Place) -> None:
    kept = await place.rule(severity=SILENCE)
    await place.send(place.victor.activity("Follow", place.alice.uri))
    assert (await place.house.actor(place.victor.uri)).silenced_at == kept.created_at
    await place.lift()
    assert (await place.house.actor(place.victor.uri)).silenced_at is None


async def test_on_a_list_of_the_allowed_nobody_else_is_spoken_with(place: Place) -> None:
    await place.send(place.victor.activity("Follow", place.alice.uri))
    assert await place.choose(listed_only=True)
    assert not await place.choose(listed_only=True)

    assert await place.send(place.victor.activity("Like", place.alice.uri)) == 403
    assert (await place.house.actor(place.victor.uri)).suspended_at is not None
    assert await place.state() == "accepted"
    async with place.house.database.read() as reader:
        hosts = ["remote.example", "sub.remote.example", "new.example", place.house.site.domain]
        assert await domain_rules.find_many_suspended(reader, hosts) == set(hosts[:3])
        assert await mode_of_rules(reader) == {"*": SUSPEND, place.house.site.domain: ALLOW}


async def test_whoever_is_allowed_is_shown_again_and_heard(place: Place) -> None:
    await place.send(place.victor.activity("Follow", place.alice.uri))
    await place.choose(listed_only=True)
    await place.rule(severity=ALLOW)

    assert (await place.house.actor(place.victor.uri)).suspended_at is None
    assert (await place.write()).visibility == "public"

    await place.lift()
    assert (await place.house.actor(place.victor.uri)).suspended_at is not None
    await place.choose(listed_only=False)
    assert (await place.house.actor(place.victor.uri)).suspended_at is None


async def test_what_is_allowed_below_a_suspended_domain_stays(place: Place) -> None:
    await place.send(place.victor.activity("Follow", place.alice.uri))
    await place.rule(domain="sub.remote.example", severity=ALLOW)
    await place.rule(severity=SUSPEND)

    assert await place.state() == "accepted"
    assert (await place.house.actor(place.victor.uri)).suspended_at is None
    assert await place.send(place.victor.activity("Like", place.alice.uri)) == 202


NAMES, HOMES = "names.example", "homes.example"
EITHER = pytest.mark.parametrize("domain", [NAMES, HOMES])


def settle_zoe(place: Place, **more: object) -> Person:
    """Zoe lives on one host, and her name is of another; both say so."""
    network, clock = place.house.network, place.house.clock
    zoe = RemoteHost(network, clock, origin=f"https://{HOMES}").person("zoe", webfinger=f"zoe@{NAMES}", **more)
    RemoteHost(network, clock, origin=f"https://{NAMES}").lend_name("zoe", zoe.uri)
    return zoe


async def hear(place: Place, zoe: Person, document: dict[str, object]) -> int:
    status = await zoe.send(document, f"{place.house.origin}/inbox")
    await run_jobs_until_idle(place.house)
    return status


@EITHER
async def test_s174_t66_who_is_new_is_refused_for_the_host_of_the_name_and_of_the_address(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await place.rule(domain=domain, severity=SUSPEND)
    note = zoe.note(cc=[place.alice.uri])

    assert await hear(place, zoe, zoe.create(note)) == 403
    async with place.house.database.read() as reader:
        assert await posts.find_by_uri(reader, str(note["id"])) is None


@EITHER
async def test_t66_on_a_list_of_the_allowed_both_hosts_must_stand(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await place.choose(listed_only=True)
    await place.rule(domain=domain, severity=ALLOW)
    assert await hear(place, zoe, zoe.activity("Follow", place.alice.uri)) == 403

    await place.rule(domain=HOMES if domain == NAMES else NAMES, severity=ALLOW)
    assert await hear(place, zoe, zoe.activity("Follow", place.alice.uri)) == 202


@EITHER
async def test_t66_who_is_known_is_hidden_parted_and_shown_again_by_either_host(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    assert await hear(place, zoe, zoe.activity("Follow", place.alice.uri)) == 202
    known = await place.house.actor(zoe.uri)
    assert known.handle == f"zoe@{NAMES}"
    kept = await place.rule(domain=domain, severity=SUSPEND)

    assert (await place.house.actor(zoe.uri)).suspended_at == kept.created_at
    async with place.house.database.read() as reader:
        assert await follows.find(reader, known.id, place.alice.id) is None

    await place.lift(domain)
    assert (await place.house.actor(zoe.uri)).suspended_at is None


@EITHER
async def test_t66_the_milder_rule_of_the_other_host_changes_nothing(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await hear(place, zoe, zoe.activity("Follow", place.alice.uri))
    await place.rule(domain=domain, severity=SILENCE)
    await place.rule(domain=HOMES if domain == NAMES else NAMES, severity=ALLOW)
    assert (await place.house.actor(zoe.uri)).silenced_at is not None

    await place.lift(domain)
    assert (await place.house.actor(zoe.uri)).silenced_at is None


@EITHER
async def test_t66_who_is_new_is_silenced_for_either_host(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    kept = await place.rule(domain=domain, severity=SILENCE)
    assert await hear(place, zoe, zoe.activity("Follow", place.alice.uri)) == 202
    assert (await place.house.actor(zoe.uri)).silenced_at == kept.created_at


@EITHER
@pytest.mark.parametrize("refused", [True, False])
async def test_t66_emoji_of_a_profile_are_rejected_for_either_host(place: Place, domain, refused) -> None:
    icon = {"type": "Image", "url": "https://files.example/wave.png"}
    zoe = settle_zoe(place, name="Zoe :wave:", tag=[{"type": "Emoji", "name": ":wave:", "icon": icon}])
    await place.rule(domain=domain, reject_media=refused)
    await hear(place, zoe, zoe.activity("Follow", place.alice.uri))
    async with place.house.database.read() as reader:
        assert len(await emojis.list_of_host(reader, NAMES, limit=9)) == (not refused)


@EITHER
async def test_t66_nobody_is_shown_again_whose_server_is_suspended_by_either_host(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await hear(place, zoe, zoe.activity("Follow", place.alice.uri))
    await place.rule(domain=domain, severity=SUSPEND)
    known = await place.house.actor(zoe.uri)
    with pytest.raises(Conflict, match="as a whole"):
        async with place.house.database.write() as tx:
            await unsuspend(tx, place.house.site, known)


async def test_t69_who_takes_a_name_at_a_suspended_host_is_suspended(place: Place) -> None:
    zoe = settle_zoe(place)
    zoe.host.show("/users/zoe", {key: value for key, value in zoe.document.items() if key != "webfinger"})
    await hear(place, zoe, zoe.activity("Follow", place.alice.uri))
    assert (await place.house.actor(zoe.uri)).suspended_at is None
    kept = await place.rule(domain=NAMES, severity=SUSPEND)

    zoe.host.show("/users/zoe", zoe.document)
    await hear(place, zoe, zoe.activity("Update", zoe.uri))

    known = await place.house.actor(zoe.uri)
    assert known.suspended_at == kept.created_at
    async with place.house.database.read() as reader:
        assert await follows.find(reader, known.id, place.alice.id) is None


@EITHER
async def test_t66_pictures_are_rejected_for_either_host(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await place.rule(domain=domain, reject_media=True)
    note = zoe.note(attachment=[PICTURE], cc=[place.alice.uri])
    assert await hear(place, zoe, zoe.create(note)) == 202
    async with place.house.database.read() as reader:
        post = await posts.find_by_uri(reader, str(note["id"]))
        assert post is not None
        assert await media.list_of_posts(reader, [post.id]) == {}


@pytest.mark.parametrize("domain", [NAMES, HOMES, "files.example"])
async def test_t66_copies_of_pictures_go_and_are_shown_no_more_for_either_host(place: Place, domain) -> None:
    # Given a picture of zoe's that lies with a third host, and our copy of it
    zoe, house = settle_zoe(place), place.house
    url = "https://files.example/sea"
    RemoteHost(house.network, house.clock, origin="https://files.example").show_raw(
        "/sea", Shown(photograph(), 200, {"content-type": "image/jpeg"})
    )
    note = zoe.note(attachment=[PICTURE | {"url": url}], cc=[place.alice.uri])
    await hear(place, zoe, zoe.create(note))
    async with house.database.read() as reader:
        post = await posts.find_by_uri(reader, str(note["id"]))
        assert post is not None
        ((picture,),) = (await media.list_of_posts(reader, [post.id])).values()
    shown_at = str(picture_url(house.site, picture))
    assert (await house.network.send("GET", shown_at, {})).status_code == 200

    await place.rule(domain=domain, reject_media=True)

    async with house.database.read() as reader:
        assert await peer_files.count(reader) == Held(0, 0)
    assert (await house.network.send("GET", shown_at, {})).status_code == 404


@EITHER
async def test_t66_reports_are_rejected_for_either_host(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await place.rule(domain=domain, reject_reports=True)
    flag = zoe.activity("Flag", [place.alice.uri], content="spam")
    assert await hear(place, zoe, flag) == 202
    assert await place.house.outcome(flag["id"]) == "ignored: reports of this server are not taken"


@EITHER
async def test_t66_of_two_rules_each_refuses_what_it_refuses(place: Place, domain) -> None:
    zoe = settle_zoe(place)
    await place.rule(domain=domain, severity=SILENCE)
    milder = HOMES if domain == NAMES else NAMES
    await place.rule(domain=milder, reject_media=True, reject_reports=True, mark_sensitive=True)
    async with place.house.database.read() as reader:
        rule = await domain_rules.find_strictest(reader, (NAMES, HOMES))
    assert rule is not None and rule.silences
    assert (rule.reject_media, rule.reject_reports, rule.mark_sensitive) == (True, True, True)

    note = zoe.note(attachment=[PICTURE], cc=[place.alice.uri])
    await hear(place, zoe, zoe.create(note))

    async with place.house.database.read() as reader:
        post = await posts.find_by_uri(reader, str(note["id"]))
    assert post is not None and post.sensitive


async def test_every_act_of_the_operator_is_written_down(place: Place) -> None:
    await place.rule(severity=SILENCE, mark_sensitive=True)
    await place.rule(severity=SUSPEND)
    await place.lift()
    await place.choose(listed_only=True)
    async with place.house.database.read() as reader:
        acts = await audit.list_acts(reader, limit=10)
    assert [(one.act, one.target, one.before, one.after) for one in reversed(acts)] == [
        ("domain.set", "remote.example", None, "silence, mark sensitive"),
        ("domain.set", "remote.example", "silence, mark sensitive", "suspend"),
        ("domain.lift", "remote.example", "suspend", None),
        ("federation.mode", "pinxit.example", "open", "allow-list"),
    ]


async def mode_of_rules(reader: Reader) -> dict[str, str]:
    return {rule.domain: rule.severity for rule in await domain_rules.list_rules(reader)}


async def test_pictures_that_are_rejected_are_not_kept(place: Place) -> None:
    await place.rule(reject_media=True)
    post = await place.write()
    async with place.house.database.read() as reader:
        assert await media.list_of_posts(reader, [post.id]) == {}


async def test_pictures_that_are_marked_are_folded_away(place: Place) -> None:
    await place.rule(mark_sensitive=True)
    assert (await place.write()).sensitive


async def test_reports_that_are_rejected_reach_nobody(place: Place) -> None:
    await place.rule(reject_reports=True)
    flag = place.victor.activity("Flag", [place.alice.uri], content="spam")
    assert await place.send(flag) == 202
    assert await place.house.outcome(flag["id"]) == "ignored: reports of this server are not taken"


async def test_without_a_rule_everything_is_as_it_was(place: Place) -> None:
    await place.rule(domain="mote.example", severity=SUSPEND)
    post = await place.write()
    assert (post.visibility, post.sensitive) == ("public", False)


@pytest.mark.parametrize("domain", ["pinxit.example", "example", "not a domain", "", "a/b"])
async def test_our_own_domain_and_what_is_none_are_refused(place: Place, domain: str) -> None:
    with pytest.raises(Invalid):
        await place.rule(domain=domain, severity=SUSPEND)


async def test_a_suspension_is_lifted_before_it_is_made_milder(place: Place) -> None:
    await place.rule(severity=SUSPEND)
    with pytest.raises(Conflict):
        await place.rule(severity=SILENCE)
    with pytest.raises(NotFound):
        await place.lift("other.example")


async def test_the_longest_domain_decides(place: Place) -> None:
    await place.rule(severity=SUSPEND)
    await place.rule(domain="sub.remote.example", mark_sensitive=True)
    async with place.house.database.read() as reader:
        found = await domain_rules.find_for_many(reader, ["sub.remote.example", "b.remote.example:8080", "x.example"])
    assert {host: rule.severity for host, rule in found.items()} == {
        "sub.remote.example": NOTHING,
        "b.remote.example:8080": SUSPEND,
    }


def test_a_host_lies_in_every_end_of_its_name() -> None:
    assert parents_of("a.b.example:8080") == ("a.b.example:8080", "a.b.example", "b.example", "example")
    assert parents_of("[::1]") == ("[::1]",)
