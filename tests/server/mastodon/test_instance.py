import msgspec

from server.actions.network.rule_domain import choose_mode, rule_domain
from server.mastodon.entities.instance import Instance, InstanceV1
from server.store.network import peers
from server.store.network.domain_rules import ALLOW, Rule
from tests.server.mastodon.clients import Place


async def test_the_second_version_has_all_that_clients_adapt_to(place: Place) -> None:
    await place.exhibition.person("alice")
    answer = await place.stranger.get("/api/v2/instance")
    found = msgspec.convert(answer.json, Instance)
    assert found.domain == "pinxit.example" and found.usage.users.active_month == 0
    assert found.version.startswith("4.5.") and "(compatible; Pinxit " in found.version
    assert found.configuration.urls.streaming == "wss://pinxit.example"
    assert found.configuration.statuses.max_characters == 5000
    assert "image/jpeg" in found.configuration.media_attachments.supported_mime_types
    assert len(found.configuration.vapid.public_key) > 80
    assert found.registrations.enabled is False and found.rules[0].id == "1"


async def test_the_first_version_counts_people_and_posts(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    await place.exhibition.say(alice, "hello")
    found = msgspec.convert((await place.stranger.get("/api/v1/instance")).json, InstanceV1)
    assert found.uri == "pinxit.example" and found.urls.streaming_api == "wss://pinxit.example"
    assert (found.stats.user_count, found.stats.status_count) == (1, 1)


async def test_who_posted_lately_counts_as_active(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    await place.exhibition.say(alice, "hello")
    assert (await place.stranger.get("/api/v2/instance")).json["usage"] == {"users": {"active_month": 1}}
    weeks = (await place.stranger.get("/api/v1/instance/activity")).json
    assert len(weeks) == 12 and (weeks[0]["statuses"], weeks[0]["logins"]) == ("1", "1")


async def test_who_speaks_with_listed_servers_alone_says_so(place: Place) -> None:
    site = place.exhibition.site
    async with place.exhibition.services.database.write() as tx:
        for host in ("good.example", "other.example"):
            await peers.prefer_form(tx, host, "cavage", at=site.clock.now())
        await rule_domain(tx, site, Rule(domain="good.example", severity=ALLOW, created_at=0))
        await choose_mode(tx, site, listed_only=True)

    whole = (await place.stranger.get("/api/v2/instance")).json
    assert whole["configuration"]["limited_federation"] is True
    assert (await place.stranger.get("/api/v1/instance/peers")).json == ["good.example"]
    assert (await place.stranger.get("/api/v1/instance/domain_blocks")).json == []


async def test_texts_and_lists_of_the_instance_are_there(place: Place) -> None:
    for path in ("rules", "peers", "domain_blocks", "activity"):
        assert isinstance((await place.stranger.get(f"/api/v1/instance/{path}")).json, list)
    for path in ("extended_description", "privacy_policy"):
        assert set((await place.stranger.get(f"/api/v1/instance/{path}")).json) == {"updated_at", "content"}
    assert (await place.stranger.get("/api/v1/instance/translation_languages")).json == {}
