"""What somebody takes along: the archive and the tables."""

import csv
import io
import json
import zipfile

from quart.datastructures import FileStorage

from activitypub.audience import Visibility
from server.actions.ties.block_domain import block_domain
from server.actions.ties.follow import Wanted, block, follow
from server.actions.ties.lists import ListChange, add_to_list, make_list
from server.actions.ties.mute import mute
from server.actions.writing.keep import bookmark
from server.store.people import imports
from tests.server.web.exhibition import PASSWORD, Exhibition, Visitor

PAGE = "/settings/data"


async def download(visitor: Visitor, **fields: str) -> tuple[int, bytes, str]:
    """The archive, as bytes."""
    form = {"password": PASSWORD, "token": _token(visitor)} | fields
    answer = await visitor.client.post(
        f"{PAGE}/archive", form=form, headers={"Sec-Fetch-Site": "same-origin"}, scheme=visitor.scheme
    )
    return answer.status_code, await answer.get_data(as_text=False), answer.headers.get("Content-Disposition", "")


def _token(visitor: Visitor) -> str:
    return visitor.page.text.partition('name="token" value="')[2].partition('"')[0]


async def live(exhibition: Exhibition) -> str:
    """Alice with ties of every kind, a painted picture and a direct post; returns the key of her picture."""
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    carol = await exhibition.stranger("carol")
    await exhibition.hang(alice, "a fox, secretly")
    await exhibition.say(alice, "for @bob only", visibility=Visibility.DIRECT)
    theirs = await exhibition.say(bob, "bob's")
    site = exhibition.site
    async with exhibition.services.database.write() as tx:
        await follow(tx, site, alice, bob, Wanted(reblogs=False, languages=("de", "en")))
        await follow(tx, site, bob, alice)
        made = await make_list(tx, site, alice, ListChange(title="=HYPERLINK(1)"))
        await add_to_list(tx, site, alice, made.id, [bob.id])
        await mute(tx, site, alice, bob, hides_notifications=False)
        await block(tx, site, alice, carol)
        await block_domain(tx, site, alice, "rude.example")
        await bookmark(tx, site, alice, theirs)
    return theirs.uri


async def test_the_archive_has_everything_and_is_a_sound_zip(exhibition: Exhibition, visitor: Visitor) -> None:
    uri = await live(exhibition)
    await visitor.enter("alice")
    await visitor.get(PAGE)

    status, data, named = await download(visitor)

    assert status == 200 and 'filename="alice-' in named
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        assert whole.testzip() is None
        names = set(whole.namelist())
        actor, outbox = json.loads(whole.read("actor.json")), json.loads(whole.read("outbox.json"))
        [wish] = json.loads(whole.read("prompts.json"))
        texts = {name: whole.read(name).decode() for name in names if name.endswith(".csv")}
        (picture,) = [name for name in names if name.startswith("media/")]
        assert whole.read(picture)[:3] == b"\xff\xd8\xff"
    assert actor["preferredUsername"] == "alice"
    contents = [one["object"]["content"] for one in outbox["orderedItems"]]
    assert len(contents) == 2 and any("for @" in one or "only" in one for one in contents)
    # A picture's address is its name in the archive.
    attached = [one["object"].get("attachment", []) for one in outbox["orderedItems"]]
    assert any(part["url"].endswith(picture) for parts in attached for part in parts)
    assert (wish["prompt"], wish["painted"]["engine"]) == ("a fox, secretly", "drawing")
    assert texts["following_accounts.csv"].splitlines() == [
        "Account address,Show boosts,Notify on new posts,Languages",
        'bob@pinxit.example,false,false,"de, en"',
    ]
    assert texts["followers.csv"].splitlines() == ["Account address", "bob@pinxit.example"]
    assert texts["muted_accounts.csv"].splitlines()[1] == "bob@pinxit.example,false"
    assert texts["blocked_accounts.csv"] == "carol@away.example\n"
    assert texts["blocked_domains.csv"] == "rude.example\n"
    assert texts["bookmarks.csv"] == f"{uri}\n"
    # No spreadsheet runs what somebody called a list.
    assert next(csv.reader(io.StringIO(texts["lists.csv"]))) == ["'=HYPERLINK(1)", "bob@pinxit.example"]


async def test_the_archive_asks_for_the_password_and_not_too_often(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await visitor.enter("alice")
    await visitor.get(PAGE)
    assert (await download(visitor, password="wrong"))[0] == 422
    assert [(await download(visitor))[0] for _ in range(5)] == [200, 200, 200, 200, 429]


async def test_each_table_is_there_alone_and_for_its_owner_alone(exhibition: Exhibition, visitor: Visitor) -> None:
    await live(exhibition)
    assert (await visitor.get(f"{PAGE}/following.csv")).location.startswith("/login")
    await visitor.enter("alice")
    page = await visitor.get(f"{PAGE}/following.csv")
    assert "bob@pinxit.example" in page.text and page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Content-Type"].startswith("text/csv")
    for kind in ("nothing", "outbox", "..%2factor"):
        assert (await visitor.get(f"{PAGE}/{kind}.csv")).status == 404


async def bring(visitor: Visitor, text: str, **fields: str) -> tuple[int, str]:
    """Send a table, as the form does."""
    form = {"token": _token(visitor), "kind": "following", "mode": "merge", "only": ""} | fields
    answer = await visitor.client.post(
        f"{PAGE}/imports",
        form=form,
        files={"file": FileStorage(io.BytesIO(text.encode()), filename="table.csv")},
        headers={"Sec-Fetch-Site": "same-origin"},
        scheme=visitor.scheme,
    )
    return answer.status_code, await answer.get_data(as_text=True)


async def test_a_table_is_brought_watched_and_stopped(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await exhibition.person("bob")
    await visitor.enter("alice")
    await visitor.get(PAGE)

    status, text = await bring(visitor, "bob\n<b>nonsense\n", only="check")
    assert status == 200 and "would change 1" in text and "&lt;b&gt;" in text and "<b>nonsense" not in text
    async with exhibition.services.database.read() as reader:
        assert await imports.list_of_actor(reader, alice.id) == []

    assert (await bring(visitor, "bob\n"))[0] == 303
    assert "0 of 1" in (await visitor.get(PAGE)).text
    async with exhibition.services.database.read() as reader:
        (one,) = await imports.list_of_actor(reader, alice.id)
    await visitor.submit(f"{PAGE}/imports/{one.id}/end")
    assert "0 of 1" not in (await visitor.get(PAGE)).text


async def test_what_is_no_table_is_refused_on_the_page(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await visitor.enter("alice")
    await visitor.get(PAGE)
    for text, fields in (("PK\x03\x04", {}), ("bob\n", {"kind": "followers"}), ("", {})):
        status, page = await bring(visitor, text, **fields)
        assert status == 422 and 'class="problem"' in page
    assert (await bring(visitor, "a" * 3_000_000))[0] == 413


async def test_nobody_stops_what_another_brought(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await exhibition.person("bob")
    await visitor.enter("alice")
    await visitor.get(PAGE)
    await bring(visitor, "bob\n")
    async with exhibition.services.database.read() as reader:
        (one,) = await imports.list_of_actor(reader, alice.id)
    await visitor.enter("bob")
    await visitor.get(PAGE)
    page = await visitor.post(
        f"{PAGE}/imports/{one.id}/end", {"token": _token(visitor)}, {"Sec-Fetch-Site": "same-origin"}
    )
    assert page.status == 404
