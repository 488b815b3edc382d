"""Who gets a picture: the rule as a table, then what is gathered for it, on a real instance with askers elsewhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from activitypub.audience import Visibility
from server.actions.painting.commission import Facts, Verdict, answer_visibility, decide
from server.actions.painting.studio import ensure_studio
from server.actions.people.register import register
from server.actions.ties.follow import receive_follow
from server.config import CommissionsConfig
from server.problems import Conflict, Invalid
from server.store import settings
from server.store.network import domain_rules
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.people import accounts, actors
from server.store.telling import notifications
from server.store.writing import generations
from server.store.writing.generations import Generation
from server.studio.child import RenderFailed
from tests.commissions import (
    ANYONE,
    STUDIO,
    answers,
    ask,
    make_studio,
    open_studio_house,
    pictures,
    run_without_painter,
)
from tests.fakes import FakeClock, Network
from tests.instance import Instance, pair_of, run_jobs_until_idle
from tests.remote_host import Person, RemoteHost

DAY = 86_400
GOOD = Facts(
    post_type="Note",
    asker_type="Person",
    barred=False,
    follows=True,
    age_seconds=5,
    answered=False,
    in_our_thread=False,
    prompt_length=20,
    by_account=0,
    by_host=0,
    waiting=0,
)
LIMITS = CommissionsConfig(policy="anyone", per_account_per_day=3, per_host_per_day=9, waiting_at_most=5)


@pytest.mark.parametrize(
    ("policy", "changes", "verdict"),
    [
        ("anyone", {}, Verdict.TAKEN),
        ("followers", {}, Verdict.TAKEN),
        ("off", {}, Verdict.OFF),
        ("anyone", {"follows": False}, Verdict.TAKEN),
        ("followers", {"follows": False}, Verdict.NO_FOLLOWER),
        ("anyone", {"post_type": "Question"}, Verdict.NO_NOTE),
        ("anyone", {"asker_type": "Service"}, Verdict.BOT),
        ("anyone", {"asker_type": "Application"}, Verdict.BOT),
        ("anyone", {"asker_type": "Group"}, Verdict.BOT),
        ("anyone", {"barred": True}, Verdict.BARRED),
        ("anyone", {"age_seconds": DAY}, Verdict.TAKEN),
        ("anyone", {"age_seconds": DAY + 1}, Verdict.OLD),
        ("anyone", {"answered": True}, Verdict.ANSWERED),
        ("anyone", {"in_our_thread": True}, Verdict.THREAD),
        ("anyone", {"prompt_length": 0}, Verdict.EMPTY),
        ("anyone", {"prompt_length": 4000}, Verdict.TAKEN),
        ("anyone", {"prompt_length": 4001}, Verdict.TOO_LONG),
        ("anyone", {"by_account": 2}, Verdict.TAKEN),
        ("anyone", {"by_account": 3}, Verdict.ACCOUNT_QUOTA),
        ("anyone", {"by_host": 8}, Verdict.TAKEN),
        ("anyone", {"by_host": 9}, Verdict.HOST_QUOTA),
        ("anyone", {"waiting": 4}, Verdict.TAKEN),
        ("anyone", {"waiting": 5}, Verdict.BUSY),
    ],
)
def test_the_rule(policy: str, changes: dict[str, object], verdict: Verdict) -> None:
    config = msgspec.structs.replace(LIMITS, policy=policy)
    assert decide(config, replace(GOOD, **changes)) is verdict


@pytest.mark.parametrize(
    "silent", [{"barred": True}, {"asker_type": "Service"}, {"answered": True}, {"follows": False}]
)
def test_who_gets_nothing_is_not_told_about_quotas_either(silent: dict[str, object]) -> None:
    full = replace(GOOD, by_account=99, by_host=99, waiting=99, prompt_length=9999, **silent)
    config = msgspec.structs.replace(LIMITS, policy="followers")
    assert decide(config, full) not in (Verdict.TOO_LONG, Verdict.ACCOUNT_QUOTA, Verdict.HOST_QUOTA, Verdict.BUSY)


@pytest.mark.parametrize(
    ("question", "most", "answer"),
    [
        ("public", "public", "public"),
        ("public", "unlisted", "unlisted"),
        ("public", "followers", "followers"),
        ("unlisted", "public", "unlisted"),
        ("followers", "public", "direct"),
        ("followers", "followers", "direct"),
        ("direct", "public", "direct"),
        ("direct", "followers", "direct"),
    ],
)
def test_an_answer_is_never_wider_than_its_question(question: str, most: str, answer: str) -> None:
    assert answer_visibility(Visibility(question), Visibility(most)) == answer


@dataclass
class Scene:
    """Our instance, a clock, and a server with somebody who asks."""

    house: Instance
    clock: FakeClock
    host: RemoteHost
    asker: Person

    async def ask(self, words: str = "a fox in snow", *, asker: Person | None = None, **more: object) -> str | None:
        """Ask and let everything happen; return how the Create ended."""
        create = await ask(asker or self.asker, words, **more)
        await run_jobs_until_idle(self.house)
        return await self.house.outcome(create["id"])

    async def wishes(self) -> list[Generation]:
        """What the studio was asked for, newest first."""
        studio = await self.house.actor(STUDIO)
        async with self.house.database.read() as reader:
            return await generations.list_of_actor(reader, studio.id)

    async def configure(self, **changes: object) -> None:
        """Restart under another configuration."""
        commissions = msgspec.structs.replace(self.house.config.commissions, **changes)
        self.house.config = msgspec.structs.replace(self.house.config, commissions=commissions)
        await self.house.restart()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    network, clock = Network(), FakeClock()
    host = RemoteHost(network, clock)
    async with open_studio_house(tmp_path, network, clock, ANYONE) as house:
        yield Scene(house, clock, host, host.person("ben"))


async def test_a_mention_becomes_a_wish_of_the_studio(scene: Scene) -> None:
    assert await scene.ask("a fox in snow --ar 3:2 --seed 7 --no text") == f"kept; {Verdict.TAKEN}"
    (wish,) = await scene.wishes()
    asker = await scene.house.actor(scene.asker.uri)
    assert (wish.prompt, wish.seed, wish.negative, wish.commissioned_by, wish.commissioned_host) == (
        "a fox in snow",
        7,
        "text",
        asker.id,
        "remote.example",
    )


async def test_with_commissions_off_a_mention_is_a_post_like_others(scene: Scene) -> None:
    await scene.configure(policy="off")
    assert await scene.ask() == "kept"
    assert await scene.wishes() == []


async def test_a_post_that_only_addresses_the_studio_asks_for_nothing(scene: Scene) -> None:
    assert await scene.ask("a fox", tag=[]) == "kept"


async def test_only_an_accepted_follower_gets_a_picture_where_that_is_the_policy(scene: Scene) -> None:
    await scene.configure(policy="followers")
    assert await scene.ask() == f"kept; {Verdict.NO_FOLLOWER}"
    asker, studio = await scene.house.actor(scene.asker.uri), await scene.house.actor(STUDIO)
    async with scene.house.database.write() as tx:
        await receive_follow(tx, scene.house.site, asker, studio, f"{asker.uri}/follows/1")
    assert await scene.ask() == f"kept; {Verdict.TAKEN}"


async def test_a_pending_follower_gets_nothing(scene: Scene) -> None:
    await scene.configure(policy="followers")
    await scene.ask()
    asker, studio = await scene.house.actor(scene.asker.uri), await scene.house.actor(STUDIO)
    async with scene.house.database.write() as tx:
        await actors.replace(tx, replace(studio, locked=True))
        state = await receive_follow(
            tx, scene.house.site, asker, replace(studio, locked=True), f"{asker.uri}/follows/1"
        )
    assert state == "pending"
    assert await scene.ask() == f"kept; {Verdict.NO_FOLLOWER}"


@pytest.mark.parametrize("kind", ["Service", "Application", "Group"])
async def test_a_bot_is_not_answered(scene: Scene, kind: str) -> None:
    assert await scene.ask(asker=scene.host.person("machine", type=kind)) == f"kept; {Verdict.BOT}"
    assert answers(scene.asker) == []


async def test_an_answer_to_the_studio_is_no_question(scene: Scene) -> None:
    await scene.ask()
    (picture,) = pictures(scene.asker)
    assert await scene.ask("thank you", inReplyTo=picture["id"]) == f"kept; {Verdict.THREAD}"


async def test_an_answer_to_somebody_who_asked_is_no_question(scene: Scene) -> None:
    create = await ask(scene.asker, "a fox")
    await run_jobs_until_idle(scene.house)
    friend = scene.host.person("fay")
    assert (
        await scene.ask("what a nice idea", asker=friend, inReplyTo=create["object"]["id"]) == f"kept; {Verdict.THREAD}"
    )


async def test_a_question_may_answer_somebody_elses_post(scene: Scene) -> None:
    assert await scene.ask("a fox", inReplyTo="https://third.example/notes/1") == f"kept; {Verdict.TAKEN}"


async def test_a_post_older_than_a_day_is_left_alone(scene: Scene) -> None:
    assert await scene.ask(published="2026-11-01T00:00:00Z") == f"kept; {Verdict.OLD}"


async def test_a_mention_without_words_is_left_alone(scene: Scene) -> None:
    assert await scene.ask("<a href='https://x.example/tags/art' class='mention hashtag'>#<span>art</span></a>") == (
        f"kept; {Verdict.EMPTY}"
    )
    assert answers(scene.asker) == []


async def test_an_asker_who_blocks_the_studio_is_left_alone(scene: Scene) -> None:
    await scene.asker.send(scene.asker.activity("Block", STUDIO), f"{STUDIO}/inbox")
    await run_jobs_until_idle(scene.house)
    assert await scene.ask() == f"kept; {Verdict.BARRED}"


async def test_a_suspended_asker_is_left_alone(scene: Scene) -> None:
    create = await ask(scene.asker, "cancel")
    await run_jobs_until_idle(scene.house)
    assert await scene.house.outcome(create["id"]) == f"kept; {Verdict.WITHDRAWN}"
    asker = await scene.house.actor(scene.asker.uri)
    late = await ask(scene.asker, "a fox")
    async with scene.house.database.write() as tx:
        await actors.replace(tx, replace(asker, suspended_at=scene.clock.now()))
    await run_jobs_until_idle(scene.house)
    assert await scene.house.outcome(late["id"]) == "ignored: who sent it is suspended"


async def test_a_suspended_host_is_left_alone_even_when_its_post_was_taken_in(scene: Scene) -> None:
    create = await ask(scene.asker, "a fox")
    async with scene.house.database.write() as tx:
        await domain_rules.put(tx, Rule(domain="remote.example", severity=SUSPEND, created_at=scene.clock.now()))
    await run_jobs_until_idle(scene.house)
    assert Verdict.BARRED in str(await scene.house.outcome(create["id"]))
    assert await scene.wishes() == []


async def test_an_account_gets_its_share_of_the_day_and_is_told_once(scene: Scene) -> None:
    await scene.configure(per_account_per_day=2)
    outcomes = [await scene.ask(f"fox {number}") for number in range(4)]
    assert outcomes == [f"kept; {Verdict.TAKEN}"] * 2 + [f"kept; {Verdict.ACCOUNT_QUOTA}"] * 2
    (told,) = [note for note in answers(scene.asker) if not note.get("attachment")]
    assert "tomorrow" in told["content"]
    assert told["to"] == [scene.asker.uri] and told.get("cc", []) == []


async def test_the_share_of_an_account_comes_back_after_a_day(scene: Scene) -> None:
    await scene.configure(per_account_per_day=1)
    await scene.ask()
    scene.clock.advance(DAY - 10)
    assert await scene.ask() == f"kept; {Verdict.ACCOUNT_QUOTA}"
    scene.clock.advance(11)
    assert await scene.ask() == f"kept; {Verdict.TAKEN}"


async def test_cancelling_gives_nothing_back_of_the_share(scene: Scene) -> None:
    await scene.configure(per_account_per_day=1)
    await ask(scene.asker, "a fox")
    await ask(scene.asker, "cancel")
    await run_jobs_until_idle(scene.house)
    assert await scene.ask() == f"kept; {Verdict.ACCOUNT_QUOTA}"


async def test_all_accounts_of_a_host_share_what_it_gets(scene: Scene) -> None:
    await scene.configure(per_host_per_day=2)
    people = [scene.host.person(f"p{number}") for number in range(3)]
    outcomes = [await scene.ask(asker=person) for person in people]
    assert outcomes == [f"kept; {Verdict.TAKEN}"] * 2 + [f"kept; {Verdict.HOST_QUOTA}"]
    elsewhere = RemoteHost(scene.house.network, scene.clock, origin="https://other.example")
    assert await scene.ask(asker=elsewhere.person("eve")) == f"kept; {Verdict.TAKEN}"


async def test_only_so_many_wait(scene: Scene) -> None:
    await scene.configure(waiting_at_most=1)
    first, second = await ask(scene.asker, "a fox"), await ask(scene.asker, "a hare")
    await run_without_painter(scene.house)
    assert await scene.house.outcome(first["id"]) == f"kept; {Verdict.TAKEN}"
    assert await scene.house.outcome(second["id"]) == f"kept; {Verdict.BUSY}"


@pytest.mark.parametrize("gone", ["note", "actor"])
async def test_whoever_deletes_the_question_gets_no_picture(scene: Scene, gone: str) -> None:
    create = await ask(scene.asker, "a fox")
    await run_without_painter(scene.house)
    target = create["object"]["id"] if gone == "note" else scene.asker.uri
    await scene.asker.send(scene.asker.activity("Delete", target), f"{STUDIO}/inbox")
    await run_without_painter(scene.house)
    await run_jobs_until_idle(scene.house)
    (wish,) = await scene.wishes()
    assert (wish.state, wish.prompt) == (generations.CANCELLED, "")
    assert answers(scene.asker) == []


async def test_blocking_the_studio_takes_back_what_waits(scene: Scene) -> None:
    await ask(scene.asker, "a fox")
    await run_without_painter(scene.house)
    await scene.asker.send(scene.asker.activity("Block", STUDIO), f"{STUDIO}/inbox")
    await run_without_painter(scene.house)
    assert [wish.state for wish in await scene.wishes()] == [generations.CANCELLED]


async def test_cancel_takes_back_what_waits_and_is_painted_itself_never(scene: Scene) -> None:
    await ask(scene.asker, "a fox")
    await run_without_painter(scene.house)
    cancel = await ask(scene.asker, "Cancel!")
    await run_without_painter(scene.house)
    assert await scene.house.outcome(cancel["id"]) == f"kept; {Verdict.WITHDRAWN}"
    assert [wish.state for wish in await scene.wishes()] == [generations.CANCELLED]


async def test_cancel_leaves_the_wishes_of_others_alone(scene: Scene) -> None:
    await ask(scene.asker, "a fox")
    await run_without_painter(scene.house)
    await ask(scene.host.person("eve"), "cancel")
    await run_without_painter(scene.house)
    assert [wish.is_open for wish in await scene.wishes()] == [True]


async def test_the_asker_may_have_the_picture_deleted(scene: Scene) -> None:
    await scene.ask()
    (picture,) = pictures(scene.asker)
    assert await scene.ask("delete", inReplyTo=picture["id"]) == f"kept; {Verdict.REMOVED}"
    assert [delete["object"]["id"] for delete in scene.host.received("Delete")] == [picture["id"]]


async def test_nobody_else_may_have_the_picture_deleted(scene: Scene) -> None:
    await scene.ask()
    (picture,) = pictures(scene.asker)
    assert (
        await scene.ask("delete", asker=scene.host.person("eve"), inReplyTo=picture["id"]) == f"kept; {Verdict.EMPTY}"
    )
    assert scene.host.received("Delete") == []


async def test_a_picture_that_cannot_be_painted_is_answered_in_words(scene: Scene) -> None:
    scene.house.painter.failures.append(RenderFailed("invalid", "The seed is odd."))
    await scene.ask()
    (told,) = answers(scene.asker)
    assert "could not be painted. The seed is odd." in told["content"]


async def test_what_broke_inside_is_not_told(scene: Scene) -> None:
    scene.house.painter.failures.append(RenderFailed("broken", "/srv/models is on fire"))
    await scene.ask()
    (told,) = answers(scene.asker)
    assert "could not be painted" in told["content"] and "fire" not in told["content"]


async def test_the_size_is_one_that_the_model_has(scene: Scene) -> None:
    models = [{"name": "m", "sizes": [[512, 512], [704, 384], [384, 704]], "has_negative": False}]
    async with scene.house.database.write() as tx:
        await settings.put(tx, settings.MODELS, msgspec.json.encode(models).decode())
    await scene.ask("a fox --ar 3:2 --model M --no snow")
    (wish,) = await scene.wishes()
    assert (wish.width, wish.height, wish.model, wish.negative) == (704, 384, "m", None)


@pytest.mark.parametrize(
    "hostile",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "{{ 7 * 7 }} {% raw %}",
        "$(reboot) `reboot` ; reboot",
        "../../../etc/passwd",
        "%s%n{0.__class__}",
        "&#x202e;txt.exe",
        "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
        "a &lt;/p&gt;&lt;iframe srcdoc=x&gt;",
    ],
)
async def test_a_hostile_prompt_is_painted_as_words_and_shown_as_text(scene: Scene, hostile: str) -> None:
    assert await scene.ask(hostile) == f"kept; {Verdict.TAKEN}"
    (picture,) = pictures(scene.asker)
    (wish,) = await scene.wishes()
    for mark in ("<script", "<img", "<iframe", "\u202e"):
        assert mark not in picture["content"]
    assert scene.house.painter.requests[0].prompt == wish.prompt


async def test_a_prompt_of_a_hundred_kilobytes_is_refused_in_words(scene: Scene) -> None:
    assert await scene.ask("fox " * 24_000) == f"kept; {Verdict.TOO_LONG}"
    (told,) = answers(scene.asker)
    assert "4000" in told["content"]


async def test_a_prompt_names_nobody_in_the_answer(scene: Scene) -> None:
    await scene.ask("a portrait of @victim@third.example and @alice")
    (picture,) = pictures(scene.asker)
    assert [tag["href"] for tag in picture["tag"] if tag["type"] == "Mention"] == [scene.asker.uri]


async def test_the_studio_is_a_bot_without_an_account(scene: Scene) -> None:
    studio = await scene.house.actor(STUDIO)
    async with scene.house.database.read() as reader:
        account = await accounts.find_by_actor(reader, studio.id)
        people = await actors.list_local_names(reader)
    assert (studio.type, account, people) == ("Service", None, [])


async def test_nobody_is_notified_in_the_studios_name(scene: Scene) -> None:
    await scene.ask()
    studio = await scene.house.actor(STUDIO)
    async with scene.house.database.read() as reader:
        assert await notifications.count_unread(reader, studio.id) == 0


async def test_the_studio_is_made_once(scene: Scene) -> None:
    again = await make_studio(scene.house)
    assert again == await scene.house.actor(STUDIO)


async def test_the_studio_tells_its_followers_when_the_policy_changes(scene: Scene) -> None:
    await scene.configure(policy="followers")
    await make_studio(scene.house)
    assert len(await scene.house.sent("Update")) == 1
    assert "Follow me" in str((await scene.house.actor(STUDIO)).summary_html)


async def test_nobody_can_register_as_the_studio(scene: Scene) -> None:
    with pytest.raises(Conflict):
        async with scene.house.database.write() as tx:
            await register(tx, scene.house.site, "studio", password_hash="x", keys=pair_of("studio"))


async def test_an_account_is_never_made_the_studio(scene: Scene) -> None:
    await scene.house.register("alice")
    await scene.configure(actor="alice")
    with pytest.raises(Conflict, match=r"commissions\.actor"):
        async with scene.house.database.write() as tx:
            await ensure_studio(tx, scene.house.site, pair_of("studio"))
    assert await scene.ask() == "kept"


async def test_the_studio_has_a_name_that_may_be_one(scene: Scene) -> None:
    await scene.configure(actor="No Name")
    with pytest.raises(Invalid):
        async with scene.house.database.write() as tx:
            await ensure_studio(tx, scene.house.site, pair_of("studio"))
