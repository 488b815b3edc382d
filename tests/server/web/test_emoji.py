"""Custom emoji on the pages: pictures of ours and copies of peers', and never markup that somebody wrote."""

import re

import pytest

from activitypub.emoji import Emoji
from server.actions.writing.emojis import keep_emoji
from server.store.writing import emojis
from server.store.writing.emojis import OURS, CustomEmoji
from server.web.emoji import mark_html, mark_words
from tests.server.web.exhibition import Exhibition, Visitor

KEY = "ab/" + "c" * 62 + ".png"


@pytest.fixture
async def fox(exhibition: Exhibition) -> str:
    """An emoji of ours."""
    async with exhibition.services.database.write() as tx:
        await emojis.put(tx, CustomEmoji(1, OURS, "fox", None, KEY, None, 1))
    return exhibition.site.media_url(KEY)


async def test_ours_stand_in_words_names_and_profiles(exhibition: Exhibition, visitor: Visitor, fox: str) -> None:
    alice = await exhibition.person("alice", name="Alice :fox:", summary_html="<p>I like :fox: and :owl:</p>")
    post = await exhibition.say(alice, "a :fox: at 10:30:15")
    for path in (f"/@alice/{post.id}", "/@alice"):
        page = (await visitor.get(path)).text
        assert len(re.findall(rf'<img class="emoji-word" src="{fox}" alt=":fox:"', page)) >= 2
        assert "<!--" not in page
    assert ":owl:" in (await visitor.get("/@alice")).text


async def test_a_peers_word_is_its_own_servers_picture(exhibition: Exhibition, visitor: Visitor, fox: str) -> None:
    await exhibition.person("alice")
    carol = await exhibition.stranger("carol", name="Carol :blob:")
    async with exhibition.services.database.write() as tx:
        await keep_emoji(tx, exhibition.site, carol.host, [Emoji(":blob:", "https://away.example/blob.png")])
    post = await exhibition.receive(carol, "<p>:blob: :fox:</p>")
    page = (await visitor.get(f"/@carol@away.example/{post.id}")).text
    assert re.search(r'<img class="emoji-word" src="[^"]*/peers/custom/\d+/[^"]*" alt=":blob:"', page)
    assert fox not in page and ":fox:" in page


async def test_t38_marks_are_left_in_text_alone(exhibition: Exhibition) -> None:
    alice = await exhibition.person("alice")
    html = '<p lang=":fox:"><a href="https://a.example/:fox:">:fox:</a></p>'
    marked = mark_html(html, alice)
    assert marked.count("<!--") == 1 and 'href="https://a.example/:fox:"' in marked
    assert "<b>" not in mark_words("<b>:fox:</b>", alice)


async def test_t38_a_mark_cannot_be_written_by_others(exhibition: Exhibition, visitor: Visitor, fox: str) -> None:
    alice = await exhibition.person("alice")
    post = await exhibition.say(alice, "<!--0 fox--> <!-- :fox: -->")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "&lt;!--" in page and page.count("emoji-word") >= 1
