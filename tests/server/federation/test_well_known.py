"""WebFinger, host-meta and NodeInfo, statement by statement."""

import re
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest

from server.store.people import actors
from tests.server.federation.conftest import Door

HANDLE = "acct:alice@pinxit.example"


async def _finger(door: Door, resource: str, *, more: str = "") -> dict[str, object]:
    answer = await door.ask(f"/.well-known/webfinger?resource={resource}{more}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_s210_s213_s218_a_handle_leads_to_its_actor(door: Door):
    answer = await door.ask(f"/.well-known/webfinger?resource={HANDLE}")
    assert answer.headers["content-type"] == "application/jrd+json"
    assert answer.json()["subject"] == HANDLE
    assert set(answer.json()["aliases"]) == {door.alice.uri, f"{door.house.origin}/@alice"}


@pytest.mark.parametrize(
    "resource",
    [
        "https://pinxit.example/users/alice",
        "https://pinxit.example/@alice",
        "https://pinxit.example/users/ALICE",
        "acct:ALICE@PINXIT.example",
        quote(HANDLE, safe=""),
    ],
)
async def test_s216_s221_s222_every_way_of_naming_her_leads_to_the_same(door: Door, resource):
    assert await _finger(door, resource) == await _finger(door, HANDLE)


async def test_s219_there_is_one_self_link_in_the_type_that_everybody_knows(door: Door):
    links = [link for link in (await _finger(door, HANDLE))["links"] if link["rel"] == "self"]
    assert links == [{"rel": "self", "type": "application/activity+json", "href": door.alice.uri}]


async def test_s220_there_is_a_profile_page_and_a_way_to_follow_from_elsewhere(door: Door):
    rels = {link["rel"]: link for link in (await _finger(door, HANDLE))["links"]}
    assert rels["http://webfinger.net/rel/profile-page"]["href"] == f"{door.house.origin}/@alice"
    assert "{uri}" in rels["http://ostatus.org/schema/1.0/subscribe"]["template"]


async def test_s217_rel_filters_links_and_unknown_parameters_do_nothing(door: Door):
    answer = await _finger(door, HANDLE, more="&rel=self&rel=nonsense&other=1")
    assert [link["rel"] for link in answer["links"]] == ["self"]
    assert (await _finger(door, HANDLE, more="&rel=nonsense"))["subject"] == HANDLE


@pytest.mark.parametrize(
    "query", ["", "?resource=", "?resource==acct:alice@pinxit.example", "?resource=alice", "?rel=self"]
)
async def test_s211_no_resource_or_a_malformed_one_is_400(door: Door, query):
    assert (await door.ask(f"/.well-known/webfinger{query}")).status_code == 400


@pytest.mark.parametrize(
    "resource",
    [
        "acct:nobody@pinxit.example",
        "acct:alice@elsewhere.example",
        "https://elsewhere.example/users/alice",
        "https://pinxit.example/users/alice/outbox",
        "https://pinxit.example/users/",
        "https://pinxit.example/tags/x",
        "mailto:alice@pinxit.example",
        "tag:x",
    ],
)
async def test_s212_s221_what_is_not_here_is_404(door: Door, resource):
    assert (await door.ask(f"/.well-known/webfinger?resource={resource}")).status_code == 404


async def test_s35_a_deleted_account_is_410(door: Door):
    async with door.house.database.write() as tx:
        await actors.replace(tx, replace(door.alice, gone_at=door.now))
    assert (await door.ask(f"/.well-known/webfinger?resource={HANDLE}")).status_code == 410


async def test_s214_every_answer_may_be_read_from_everywhere(door: Door):
    for query in (f"?resource={HANDLE}", "", "?resource=acct:nobody@pinxit.example"):
        answer = await door.ask(f"/.well-known/webfinger{query}")
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "resource", ["acct:instance@pinxit.example", "https://pinxit.example", "https://pinxit.example/actor"]
)
async def test_s33_the_instance_itself_is_found(door: Door, resource):
    links = [link["href"] for link in (await _finger(door, resource))["links"] if link["rel"] == "self"]
    assert links == [door.house.site.instance_uri]


async def test_s225_host_meta_leads_to_webfinger(door: Door):
    answer = await door.ask("/.well-known/host-meta")
    assert answer.headers["content-type"].startswith("application/xrd+xml")
    assert "https://pinxit.example/.well-known/webfinger?resource={uri}" in answer.text


async def test_s227_nodeinfo_is_listed_in_both_versions_and_each_answers(door: Door):
    links = {link["rel"]: link["href"] for link in (await door.ask("/.well-known/nodeinfo")).json()["links"]}
    for version in ("2.0", "2.1"):
        href = links[f"http://nodeinfo.diaspora.software/ns/schema/{version}"]
        assert (await door.ask(door.path(href))).json()["version"] == version


async def test_s228_s230_s234_s235_nodeinfo_has_its_keys_and_no_other(door: Door):
    answer = await door.ask("/nodeinfo/2.1")
    keys = {"version", "software", "protocols", "services", "openRegistrations", "usage", "metadata"}
    assert set(answer.json()) == keys
    assert answer.json()["protocols"] == ["activitypub"]
    assert isinstance(answer.json()["metadata"], dict)
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_s229_names_and_versions_are_well_formed(door: Door, version):
    told = (await door.ask(f"/nodeinfo/{version}")).json()
    assert told["version"] == version
    software = told["software"]
    assert re.fullmatch(r"[a-z0-9-]+", software["name"])
    assert isinstance(software["version"], str) and software["version"]
    links = {name: url for name, url in software.items() if name not in ("name", "version")}
    # The schema of 2.0 has no place for more.
    assert set(links) <= ({"repository", "homepage"} if version == "2.1" else set())
    assert all(urlsplit(url).scheme == "https" and urlsplit(url).netloc for url in links.values())


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_s231_services_are_two_lists(door: Door, version):
    services = (await door.ask(f"/nodeinfo/{version}")).json()["services"]
    assert set(services) == {"inbound", "outbound"}
    assert all(isinstance(entries, list) for entries in services.values())


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_s232_usage_holds_whole_numbers(door: Door, version):
    await door.write()
    usage = (await door.ask(f"/nodeinfo/{version}")).json()["usage"]
    assert set(usage) <= {"users", "localPosts", "localComments"}
    assert set(usage["users"]) <= {"total", "activeMonth", "activeHalfyear"}
    numbers = [*usage["users"].values(), *(usage[name] for name in ("localPosts", "localComments") if name in usage)]
    assert numbers and all(type(number) is int and number >= 0 for number in numbers)


async def test_s226_nobody_lists_the_accounts_by_asking_for_names(door: Door):
    most = door.house.config.federation.asked_per_address
    guesses = [f"/.well-known/webfinger?resource=acct:guess{number}@pinxit.example" for number in range(most + 1)]
    answers = [await door.ask(guess) for guess in guesses]
    assert {answer.status_code for answer in answers[:most]} == {404}
    assert answers[most].status_code == 429 and int(answers[most].headers["retry-after"]) > 0


@pytest.mark.parametrize("change", [{"discoverable": False}, {"locked": True}, {"indexable": False}])
async def test_s226_who_wants_to_be_found_by_nobody_is_answered_as_everybody(door: Door, change):
    """A name is all that is asked for, and all that is answered: nothing tells who hides from what."""
    before = await _finger(door, HANDLE)
    await door.change(replace(door.alice, **change))
    assert await _finger(door, HANDLE) == before


async def test_s233_the_numbers_are_true_within_a_minute(door: Door):
    before = (await door.ask("/nodeinfo/2.1")).json()["usage"]
    await door.write()
    await door.house.register("bob")
    door.house.clock.advance(61)
    after = (await door.ask("/nodeinfo/2.1")).json()["usage"]
    assert (before["users"]["total"], before["localPosts"]) == (1, 0)
    assert (after["users"]["total"], after["localPosts"]) == (2, 1)


async def test_an_unknown_version_of_nodeinfo_is_404(door: Door):
    assert (await door.ask("/nodeinfo/3.0")).status_code == 404


async def test_the_documents_are_there_whatever_a_client_says_it_accepts(door: Door):
    for accept in ("text/html", "image/png", None):
        assert (await door.ask("/.well-known/nodeinfo", accept=accept)).status_code == 200
