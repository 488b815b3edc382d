"""Polls on the page of a post: answered, shown with bars, over, and asked about at the peer's."""

import pytest

from activitypub.questions import OptionFields, QuestionFields
from server.actions.writing.ask import Asked
from server.actions.writing.vote import keep_question
from server.jobs.sqlite import list_jobs
from server.store.writing import polls
from tests.server.web.exhibition import Exhibition, Visitor

DAY = 86_400


async def ask(exhibition: Exhibition, *, multiple: bool = False, hide_totals: bool = False):
    alice = await exhibition.person("alice")
    await exhibition.person("bob")
    asked = Asked(options=("red", "blue", "green"), seconds=DAY, multiple=multiple, hide_totals=hide_totals)
    return await exhibition.say(alice, "which?", asked=asked)


async def test_a_poll_is_answered_once_and_then_shown(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await ask(exhibition)
    await visitor.enter("bob")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert page.count('type="radio" name="choice"') == 3

    assert (await visitor.submit(f"/posts/{post.id}/vote", choice="1")).location == f"/@alice/{post.id}#poll"
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "your answer" in page and '<progress max="100" value="100" aria-label="blue">' in page
    assert 'name="choice"' not in page and "1 person has voted" in page


async def test_several_answers_are_several_boxes(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await ask(exhibition, multiple=True)
    await visitor.enter("bob")
    await visitor.get(f"/@alice/{post.id}")
    await visitor.submit(f"/posts/{post.id}/vote", **{"choice-0": "0", "choice-2": "2"})
    async with exhibition.services.database.read() as reader:
        poll = await polls.find(reader, post.id)
    assert poll is not None and [one.votes_count for one in poll.options] == [1, 0, 1]


@pytest.mark.parametrize("choice", ["7", "-1", "x", "", "99999"])
async def test_what_is_no_answer_is_refused(exhibition: Exhibition, visitor: Visitor, choice: str) -> None:
    post = await ask(exhibition)
    await visitor.enter("bob")
    await visitor.get(f"/@alice/{post.id}")
    assert (await visitor.submit(f"/posts/{post.id}/vote", choice=choice)).status == 422


async def test_its_author_and_strangers_are_shown_how_it_stands(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await ask(exhibition)
    assert "<progress" in (await visitor.get(f"/@alice/{post.id}")).text
    await visitor.enter("alice")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "<progress" in page and 'name="choice"' not in page


async def test_what_is_hidden_until_the_end_is_hidden(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await ask(exhibition, hide_totals=True)
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "<progress" not in page and "told when it is over" in page
    exhibition.site.clock.advance(2 * DAY)
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "<progress" in page and "it is over" in page


async def test_a_peer_is_asked_at_most_once_a_minute(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await exhibition.person("bob")
    carol = await exhibition.stranger("carol")
    post = await exhibition.receive(carol, "<p>which?</p>")
    question = QuestionFields(options=(OptionFields("red", 3), OptionFields("blue", 1)), multiple=False)
    async with exhibition.services.database.write() as tx:
        await keep_question(tx, exhibition.site, post, question)
    path = f"/@carol@away.example/{post.id}"
    assert '"blue">25 %' in (await visitor.get(path)).text  # a stranger has nobody asked
    assert await looking(exhibition) == 0
    await visitor.enter("bob")
    await visitor.get(path)
    for _ in range(3):
        assert (await visitor.submit(f"/posts/{post.id}/refresh")).location == f"{path}#poll"
    assert await looking(exhibition) == 1


async def looking(exhibition: Exhibition) -> int:
    async with exhibition.services.database.read() as reader:
        return sum(row.kind == "poll" for row in await list_jobs(reader, "waiting"))
