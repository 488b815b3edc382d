"""The page for who comes and goes."""

from server.store.people import actors
from server.store.people.actors import Actor
from tests.server.web.exhibition import PASSWORD, Exhibition, Visitor

PAGE = "/settings/moving"


async def read(exhibition: Exhibition, actor: Actor) -> Actor:
    async with exhibition.services.database.read() as reader:
        found = await actors.find(reader, actor.id)
    assert found is not None
    return found


async def test_an_alias_is_named_and_taken_back(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    await visitor.enter("alice")
    await visitor.get(PAGE)

    assert (await visitor.submit(f"{PAGE}/aliases", other="@bob@pinxit.example")).location == f"{PAGE}?saved"
    assert (await read(exhibition, alice)).aliases == (bob.uri,)
    assert "@bob@pinxit.example" in (await visitor.get(PAGE)).text

    await visitor.submit(f"{PAGE}/aliases/remove", uri=bob.uri)
    assert (await read(exhibition, alice)).aliases == ()


async def test_an_account_that_is_not_found_is_no_alias(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await visitor.enter("alice")
    for stated in ("nobody@away.example", "https://away.example/nobody", "", "@", "alice@pinxit.example"):
        await visitor.get(PAGE)
        page = await visitor.submit(f"{PAGE}/aliases", other=stated)
        assert page.status in (404, 422) and "problem" in page.text


async def test_moving_away_asks_for_the_password_and_the_word_of_the_new_place(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    alice = await exhibition.person("alice")
    bob = await exhibition.person("bob", also_known_as=f'["{alice.uri}"]')
    await exhibition.person("carol")
    await visitor.enter("alice")
    await visitor.get(PAGE)

    page = await visitor.submit(f"{PAGE}/away", place="bob@pinxit.example", password="wrong")
    assert page.status == 422 and "not your password" in page.text
    page = await visitor.submit(f"{PAGE}/away", place="carol@pinxit.example", password=PASSWORD)
    assert page.status == 422 and "as an alias first" in page.text
    assert (await read(exhibition, alice)).moved_to is None

    assert (await visitor.submit(f"{PAGE}/away", place="bob@pinxit.example", password=PASSWORD)).location == PAGE
    assert (await read(exhibition, alice)).moved_to == bob.uri
    assert "You have moved to" in (await visitor.get(PAGE)).text
    assert 'Has moved to <a href="/@bob">' in (await visitor.get("/@alice")).text

    await visitor.get(PAGE)
    await visitor.submit(f"{PAGE}/back")
    assert (await read(exhibition, alice)).moved_to is None


async def test_a_stranger_moves_nobody(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    for action in ("aliases", "aliases/remove", "away", "back"):
        assert (await visitor.post(f"{PAGE}/{action}", {})).location == "/login"
