"""Profiles with proven lines: what is looked at, what peers are told."""

import pytest

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.people.profile_fields import FieldText, compose_fields, link_of, needs_proof
from server.problems import Invalid
from server.store.people.actors import ProfileField

HOME = "https://alice.example/"


class Page:
    """A site that shows one page."""

    def __init__(self, html):
        self.html = html

    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": self.html.encode()})


async def say(ground, *lines):
    change = ProfileChange(fields=tuple(FieldText(name, value) for name, value in lines))
    await ground.once(change_profile, ground.site, ground.alice, change)
    await ground.settle()
    return (await ground.house.actor(ground.alice.uri)).profile_fields


async def test_a_page_that_links_back_proves_its_line_and_peers_are_told(ground):
    await ground.let_bob_follow()
    link = f'<a rel="me" href="{ground.alice.url}">me</a>'
    ground.house.network.connect("https://alice.example", Page(link))

    home, words = await say(ground, ("Home", HOME), ("Tools", "oil"))

    assert home.verified_at is not None and words.verified_at is None
    assert len(ground.person.host.received("Update")) == 2


async def test_a_page_that_does_not_is_shown_unproven(ground):
    await ground.let_bob_follow()
    ground.house.network.connect("https://alice.example", Page("<p>nobody</p>"))

    (home,) = await say(ground, ("Home", HOME))

    assert home.verified_at is None
    (update,) = ground.person.host.received("Update")
    assert update["object"]["attachment"][0]["name"] == "Home"


async def test_a_page_that_is_not_there_proves_nothing(ground):
    (home,) = await say(ground, ("Home", HOME))
    assert home.verified_at is None


@pytest.mark.parametrize(
    ("value", "link"),
    [
        (HOME, HOME),
        ("http://a.example/?q=1&r=2", "http://a.example/?q=1&r=2"),
        (f"see {HOME}", None),
        ("ftp://x", None),
    ],
)
def test_only_a_line_that_is_a_link_can_be_proven(value, link, ground):
    (line,) = compose_fields(ground.site, ground.alice, [FieldText("n", value)])
    assert link_of(line) == link
    assert needs_proof(line) == (link is not None)
    assert not needs_proof(ProfileField(line.name, line.value_html, 5))


def test_too_many_lines_are_refused(ground):
    with pytest.raises(Invalid):
        compose_fields(ground.site, ground.alice, [FieldText(str(number), "x") for number in range(5)])
