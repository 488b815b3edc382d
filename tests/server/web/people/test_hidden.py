"""Blocking and muting from a page."""

from typing import Any

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.people.profile_fields import FieldText
from server.store.paging import Stretch
from server.store.ties import domain_blocks, follows, mutes
from tests.server.web.exhibition import Exhibition, Visitor


async def read(exhibition: Exhibition, find: Any, *given: Any, **more: Any) -> Any:
    async with exhibition.services.database.read() as reader:
        return await find(reader, *given, **more)


async def test_somebody_is_blocked_and_let_back_by_a_button(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    await visitor.enter("bob")
    await visitor.get("/@alice")

    assert (await visitor.submit(f"/people/{alice.id}/block")).location == "/@alice"
    assert await read(exhibition, follows.is_blocked, by=bob.id, actor_id=alice.id)
    assert f"/people/{alice.id}/unblock" in (await visitor.get("/@alice")).text
    page = (await visitor.get("/settings/hidden")).text
    assert "@alice@pinxit.example" in page and f"/people/{alice.id}/unblock" in page

    await visitor.submit(f"/people/{alice.id}/unblock")
    assert "You block nobody" in (await visitor.get("/settings/hidden")).text


async def test_somebody_is_muted_and_heard_again_by_a_button(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    await visitor.enter("bob")
    await visitor.get("/@alice")

    await visitor.submit(f"/people/{alice.id}/mute")
    assert await read(exhibition, mutes.find, bob.id, alice.id, now=exhibition.site.clock.now())
    assert f"/people/{alice.id}/unmute" in (await visitor.get("/@alice")).text
    assert "@alice@pinxit.example" in (await visitor.get("/settings/hidden")).text

    await visitor.submit(f"/people/{alice.id}/unmute")
    assert "You mute nobody" in (await visitor.get("/settings/hidden")).text


async def test_a_server_is_blocked_and_let_back(exhibition: Exhibition, visitor: Visitor) -> None:
    bob = await exhibition.person("bob")
    await visitor.enter("bob")
    await visitor.get("/settings/hidden")

    await visitor.submit("/settings/hidden/hosts", host="Rude.Example")
    assert await read(exhibition, domain_blocks.find_among, bob.id, ["rude.example"]) == {"rude.example"}
    assert "rude.example" in (await visitor.get("/settings/hidden")).text

    await visitor.submit("/settings/hidden/hosts/remove")
    assert await read(exhibition, domain_blocks.list_hosts, bob.id, Stretch()) == []


async def test_a_stranger_hides_nobody(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    page = (await visitor.get("/@alice")).text
    assert "/block" not in page and "/mute" not in page
    assert (await visitor.get("/settings/hidden")).status == 303


async def test_a_profile_shows_its_lines(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    change = ProfileChange(fields=(FieldText("Tools <b>", "oil & ink"),))
    async with exhibition.services.database.write() as tx:
        await change_profile(tx, exhibition.site, alice, change)
    page = (await visitor.get("/@alice")).text
    assert "Tools &lt;b&gt;" in page and "oil &amp; ink" in page
