"""The page on which somebody deletes their account."""

from server.actions.people.login import make_token
from server.store.people import accounts, actors
from tests.server.web.exhibition import PASSWORD, Exhibition, Visitor

PAGE = "/settings/leave"


async def is_there(exhibition: Exhibition, uri: str) -> bool:
    async with exhibition.services.database.read() as reader:
        found = await actors.find_by_uri(reader, uri)
    return found is not None and found.gone_at is None


async def test_only_the_password_and_the_typed_name_delete_an_account(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await visitor.enter("alice")
    for given in ({"name": "alice", "password": "wrong"}, {"name": "bob", "password": PASSWORD}, {}):
        await visitor.get(PAGE)
        assert (await visitor.submit(PAGE, **given)).status == 422
    assert await is_there(exhibition, alice.uri)


async def test_who_leaves_is_logged_out_everywhere_and_cannot_come_in_again(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    alice = await exhibition.person("alice")
    other = Visitor(exhibition)
    await other.enter("alice")
    await visitor.enter("alice")
    async with exhibition.services.database.write() as tx:
        account = await accounts.find_by_actor(tx, alice.id)
        assert account is not None
        await make_token(tx, exhibition.site, account, scopes="read", label="shell")

    await visitor.get(PAGE)
    page = await visitor.submit(PAGE, name="@Alice", password=PASSWORD)

    assert page.status == 200 and "is deleted" in page.text and "Log in" in page.text
    assert not await is_there(exhibition, alice.uri)
    for one in (visitor, other):
        assert (await one.get("/home")).location.startswith("/login")
    assert (await visitor.get("/@alice")).status == 404
    assert (await visitor.log_in("alice")).status in (401, 422)
    async with exhibition.services.database.read() as reader:
        assert await accounts.find_by_actor(reader, alice.id) is None


async def test_a_form_that_nobody_was_shown_deletes_nobody(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    assert (await visitor.post(PAGE, {"name": "alice", "password": PASSWORD})).location == "/login"
    await visitor.enter("alice")
    assert (await visitor.post(PAGE, {"name": "alice", "password": PASSWORD})).status == 403
    assert await is_there(exhibition, alice.uri)
