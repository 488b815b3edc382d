"""WebFinger where it does not lie where it should: host-meta is asked, and leads no further than it may."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activitypub.authority import Forbidden
from activitypub.vocabulary import MEDIA_TYPE
from server.actions.network.rule_domain import choose_mode, rule_domain
from server.remote.people import find_actor, find_by_handle
from server.remote.seam import FetchFailed
from server.store.network.domain_rules import ALLOW, SUSPEND, Rule
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance
from tests.remote_host import RemoteHost, Shown


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        yield house


@pytest.fixture
def domain(house: Instance) -> RemoteHost:
    """Whose people live at social.example, which its host-meta says and its WebFinger does not."""
    host = RemoteHost(house.network, house.clock, origin="https://domain.example")
    lead(host, "https://social.example/.well-known/webfinger?resource={uri}")
    return host


def lead(host: RemoteHost, template: str, *, kind: str = "application/xrd+xml; charset=utf-8") -> None:
    body = f'<?xml version="1.0"?><XRD><Link rel="lrdd" template="{template}"/></XRD>'.encode()
    host.show_raw("/.well-known/host-meta", Shown(body, 200, {"content-type": kind}))


class Social(RemoteHost):
    """Answers for acct:erin@domain.example too."""

    subject = "acct:erin@domain.example"

    def _finger(self, resource: str) -> Shown:
        if not resource.startswith("acct:erin@"):
            return super()._finger(resource)
        links = [{"rel": "self", "type": MEDIA_TYPE, "href": f"{self.origin}/users/erin"}]
        body = json.dumps({"subject": self.subject, "links": links}).encode()
        return Shown(body, 200, {"content-type": "application/jrd+json"})


@pytest.fixture
def social(house: Instance) -> Social:
    host = Social(house.network, house.clock, origin="https://social.example")
    host.person("erin")
    return host


async def test_s225_a_domain_whose_people_live_elsewhere_is_asked_where(
    house: Instance, domain: RemoteHost, social: Social
):
    erin = await find_by_handle(house.services, "erin@domain.example")
    assert (erin.uri, erin.handle) == ("https://social.example/users/erin", "erin@domain.example")


async def test_s225_a_host_that_answers_is_not_asked_for_its_host_meta(house: Instance, social: Social):
    social.subject = "acct:erin@social.example"
    await find_by_handle(house.services, "erin@social.example")
    assert not house.network.asked("GET", "/.well-known/host-meta")


async def test_s225_a_host_in_trouble_is_not_asked_for_its_host_meta(house: Instance, domain: RemoteHost):
    domain.show_raw("/.well-known/webfinger", Shown(b"", 503))
    domain._finger = lambda resource: Shown(b"", 503)  # type: ignore[method-assign]
    with pytest.raises(FetchFailed):
        await find_by_handle(house.services, "erin@domain.example")
    assert not house.network.asked("GET", "/.well-known/host-meta")


@pytest.mark.parametrize(
    "template",
    [
        "https://127.0.0.1/webfinger?resource={uri}",
        "https://[::1]/webfinger?resource={uri}",
        "https://pinxit.example/.well-known/webfinger?resource={uri}",
        "http://social.example/.well-known/webfinger?resource={uri}",
        "https://domain.example/.well-known/webfinger?resource={uri}",
    ],
)
async def test_t6_t7_a_template_leads_nowhere_that_we_do_not_go(
    house: Instance, domain: RemoteHost, social: Social, template: str
):
    await house.register("erin")
    lead(domain, template)
    asked = len(house.network.asked("GET"))
    with pytest.raises(FetchFailed):
        await find_by_handle(house.services, "erin@domain.example")
    assert len(house.network.asked("GET")) - asked == 2


async def test_a_host_meta_of_another_type_is_not_read(house: Instance, domain: RemoteHost, social: Social):
    lead(domain, "https://social.example/.well-known/webfinger?resource={uri}", kind="text/html")
    with pytest.raises(FetchFailed):
        await find_by_handle(house.services, "erin@domain.example")


async def test_t66_where_a_domain_leads_speaks_for_nobody_elses_names(
    house: Instance, domain: RemoteHost, social: Social
):
    # Given that the answer names somebody of a third host, which knows nothing of it
    victim = RemoteHost(house.network, house.clock, origin="https://victim.example")
    victim.person("erin")
    social.subject = "acct:erin@victim.example"
    with pytest.raises(Forbidden):
        await find_by_handle(house.services, "erin@domain.example")


async def suspend(house: Instance, domain: str) -> None:
    async with house.database.write() as tx:
        await rule_domain(tx, house.site, Rule(domain=domain, severity=SUSPEND, created_at=0))


async def test_a_suspended_host_is_not_asked_who_bears_a_name(house: Instance, social: Social):
    await suspend(house, "social.example")
    with pytest.raises(Forbidden, match="do not speak"):
        await find_by_handle(house.services, "erin@social.example")
    assert house.network.log == []


async def test_a_suspended_host_is_not_asked_because_another_leads_there(
    house: Instance, domain: RemoteHost, social: Social
):
    await suspend(house, "social.example")
    with pytest.raises(Forbidden, match="do not speak"):
        await find_by_handle(house.services, "erin@domain.example")
    assert not [one for one in house.network.log if "social.example/" in one.url.partition("?")[0]]


class Leading(RemoteHost):
    """Sends everybody who asks for a name to social.example."""

    def _finger(self, resource: str) -> Shown:
        return Shown(b"", 302, {"location": f"https://social.example/.well-known/webfinger?resource={resource}"})


async def test_a_suspended_host_is_not_asked_because_another_redirects_there(house: Instance, social: Social):
    await suspend(house, "social.example")
    Leading(house.network, house.clock, origin="https://other.example")
    with pytest.raises(Forbidden, match="do not speak"):
        await find_by_handle(house.services, "erin@other.example")
    assert [one.status for one in house.network.log] == [302]


async def test_a_suspended_host_is_not_asked_because_a_host_meta_redirects_there(house: Instance, domain: RemoteHost):
    social = RemoteHost(house.network, house.clock, origin="https://social.example")
    await suspend(house, "social.example")
    away = {"location": f"{social.origin}/.well-known/host-meta"}
    domain.show_raw("/.well-known/host-meta", Shown(b"", 302, away))
    with pytest.raises(Forbidden, match="do not speak"):
        await find_by_handle(house.services, "erin@domain.example")
    assert not [one for one in house.network.log if one.url.startswith(social.origin)]


async def test_a_host_that_is_on_no_list_is_not_asked_to_prove_a_name(
    house: Instance, domain: RemoteHost, social: Social
):
    async with house.database.write() as tx:
        await rule_domain(tx, house.site, Rule(domain="social.example", severity=ALLOW, created_at=0))
        await choose_mode(tx, house.site, listed_only=True)
    zoe = social.person("zoe", webfinger="zoe@domain.example")

    with pytest.raises(Forbidden, match="do not speak"):
        await find_actor(house.services, zoe.uri)

    assert not [one for one in house.network.log if one.url.startswith(domain.origin)]
