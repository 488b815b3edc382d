"""Payloads in every value that a page shows: nothing that somebody wrote may become markup."""

import pytest

from activitypub.audience import Visibility
from server.actions.ties import follow
from server.actions.writing import react
from tests.server.web.exhibition import Exhibition, Visitor

PAYLOAD = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
TRACES = ("<script>alert", "<img src=x", "onerror=alert(1)>", ">49<", "'><img")


@pytest.fixture
async def paths(exhibition: Exhibition) -> list[str]:
    """Pages full of payloads, as alice sees them."""
    alice = await exhibition.person("alice", name=PAYLOAD, locked=True)
    bob = await exhibition.person("bob", name=PAYLOAD)
    carol = await exhibition.stranger(
        "carol",
        name=PAYLOAD,
        url=f"javascript:{PAYLOAD}",
        icon_url=f"https://away.example/{PAYLOAD}",
    )
    wish = await exhibition.wish(
        alice, PAYLOAD, caption=PAYLOAD, alt=PAYLOAD, summary=PAYLOAD, visibility=Visibility.PUBLIC
    )
    post = await exhibition.paint(wish, model=PAYLOAD, license=PAYLOAD, revision=PAYLOAD, unknown_words=(PAYLOAD,))
    plain = await exhibition.hang(alice, PAYLOAD, alt=PAYLOAD)
    draft = await exhibition.wish(alice, PAYLOAD, draft=True, caption=PAYLOAD, alt=PAYLOAD, negative=PAYLOAD)
    await exhibition.paint(draft, unknown_words=(PAYLOAD,), negative=PAYLOAD)
    waiting = await exhibition.wish(alice, PAYLOAD, negative=PAYLOAD, summary=PAYLOAD)
    assert post is not None
    reply = await exhibition.say(bob, PAYLOAD, in_reply_to=post)
    away = await exhibition.receive(
        carol, "<p>clean</p>", picture=f"https://away.example/{PAYLOAD}", url=f"javascript:{PAYLOAD}", summary=PAYLOAD
    )
    async with exhibition.services.database.write() as tx:
        for actor in (bob, carol):
            await react.receive_reaction(tx, exhibition.site, "like", actor, post, f"x:{actor.id}")
        await follow.receive_follow(tx, exhibition.site, carol, alice, "https://away.example/f")
    return [
        "/",
        "/home",
        "/@alice",
        "/@carol@away.example",
        f"/@alice/{post.id}",
        f"/@alice/{plain.id}",
        f"/@bob/{reply.id}",
        f"/@carol@away.example/{away.id}",
        f"/posts/{post.id}/edit",
        "/create",
        f"/create?from={draft.id}",
        f"/create/{draft.id}",
        f"/create/{waiting.id}",
        "/notifications",
        "/follow-requests",
        "/approvals",
        "/tags/aigenerated",
    ]


async def test_t38_t39_nothing_that_somebody_wrote_becomes_markup(
    exhibition: Exhibition, visitor: Visitor, paths: list[str]
) -> None:
    await visitor.enter("alice")
    for path in paths:
        page = await visitor.get(path)
        assert page.status == 200, path
        assert [trace for trace in TRACES if trace in page.text] == [], path
        assert 'href="javascript:' not in page.text, path


@pytest.mark.parametrize(
    "path",
    [
        "/tags/%3Cscript%3Ealert%28%27x%27%29",
        "/%3Cscript%3Ealert%28%27x%27%29",
        "/@%3Cscript%3Ealert",
        "/login?next=/%22%3E%3Cscript%3Ealert",
        "/create?prompt=%3C/textarea%3E%3Cscript%3Ealert",
        "/authorize_interaction?uri=%22%3E%3Cscript%3Ealert",
        "/remote-follow?uri=https://pinxit.example/%22%3E%3Cscript%3Ealert",
    ],
)
async def test_nothing_in_an_address_becomes_markup(exhibition: Exhibition, visitor: Visitor, path: str) -> None:
    await exhibition.person("alice")
    for name in (None, "alice"):
        if name:
            await visitor.enter(name)
        assert "<script>alert" not in (await visitor.get(path)).text
