"""Creating, changing and deleting through the outbox: what is kept of an object, who is told, and what stays hidden."""

import msgspec
import pytest

from activitypub.languages import LANGUAGES_AT_MOST
from activitypub.vocabulary import AS2, PUBLIC
from server.store.telling import notifications
from server.store.writing import media, posts, quotes
from server.store.writing.media import Media
from tests.instance import run_jobs_until_idle
from tests.rows import make
from tests.server.federation.conftest import Door

EXAMPLE = "https://example.org/ns#"
NOTE = {"@context": AS2, "type": "Note", "content": "<p>hello</p>", "to": [PUBLIC]}


async def create(door: Door, **more: object) -> dict[str, object]:
    """The object of a Create of alice's, as it was answered."""
    return (await door.do("Create", NOTE | more))["object"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("type", ["Article", "Audio", "Document", "Event", "Image", "Page", "Video", "example:Recipe"])
async def test_s15_every_type_of_object_is_stored_and_shown(door: Door, type):
    made = await create(door, type=type, name="A title")
    shown = (await door.ask(door.path(made["id"]))).json()
    assert (shown["type"], shown["name"], shown["content"]) == (type, "A title", "<p>hello</p>")
    page = await door.ask(f"/@alice/{made['id'].rpartition('/')[2]}", accept="text/html")
    assert page.status_code == 200


async def test_s16_several_types_are_kept(door: Door):
    made = await create(door, type=["Note", "example:Recipe"])
    assert (await door.ask(door.path(made["id"]))).json()["type"] == ["Note", "example:Recipe"]


async def test_s20_unknown_properties_survive_storage_and_redistribution(door: Door):
    context = [AS2, {"example": EXAMPLE, "mood": "example:mood"}]
    more = {"@context": context, "mood": {"kind": "calm"}, "startTime": "2027-01-01T00:00:00Z"}
    made = await create(door, **more, cc=[door.victor.uri])
    shown = (await door.ask(door.path(made["id"]))).json()
    await run_jobs_until_idle(door.house)
    sent = door.victor.host.received("Create")[0]
    for document in (made, shown, sent["object"]):
        assert (document["mood"], document["startTime"]) == ({"kind": "calm"}, "2027-01-01T00:00:00Z")
    assert {"example": EXAMPLE, "mood": "example:mood"} in sent["@context"]


async def test_s20_what_is_ours_to_say_stays_ours(door: Door):
    claims = {"likes": "https://evil.example/likes", "id": "https://evil.example/", "attributedTo": door.alice.uri}
    made = await create(door, **claims)
    assert made["likes"] == f"{made['id']}/likes"


async def test_s23_html_of_a_client_is_cleaned(door: Door):
    made = await create(door, content='<p onclick="x()">hi<script>alert(1)</script></p>')
    assert made["content"] == "<p>hi</p>"


async def test_plain_text_becomes_html(door: Door):
    assert (await create(door, content="1 < 2", mediaType="text/plain"))["content"] == "<p>1 &lt; 2</p>"


async def test_the_source_is_kept(door: Door):
    source = {"content": "*hello*", "mediaType": "text/markdown"}
    made = await create(door, source=source)
    assert made["source"] == source


async def test_a_question_becomes_a_poll(door: Door):
    options = [{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]
    made = await create(door, type="Question", oneOf=options)
    assert [one["name"] for one in made["oneOf"]] == ["yes", "no"]
    assert made["endTime"]


async def test_a_quote_of_what_we_know_is_a_quote_here_too(door: Door):
    post = await door.write()
    made = await create(door, quote=post.uri)
    assert made["quote"] == post.uri
    async with door.house.database.read() as reader:
        kept = await quotes.find(reader, int(made["id"].rpartition("/")[2]))
    assert kept is not None and kept.quoted_id == post.id


async def test_s91_only_the_addressed_are_told_and_nobody_is_added(door: Door):
    bob, carl = await door.house.register("bob"), await door.house.register("carl")
    tags = [{"type": "Mention", "href": one.uri, "name": f"@{one.username}"} for one in (bob, carl)]
    made = await create(door, tag=tags, to=[bob.uri], cc=[f"{door.alice.uri}/followers"])
    assert (made["to"], made["cc"]) == ([bob.uri], [f"{door.alice.uri}/followers"])
    assert [tag["href"] for tag in made["tag"]] == [bob.uri, carl.uri]
    async with door.house.database.read() as reader:
        assert len(await notifications.list_of_actor(reader, bob.id)) == 1
        assert await notifications.list_of_actor(reader, carl.id) == []
    assert (await door.show(made["id"], await door.token(bob))).status_code == 200
    assert (await door.show(made["id"], await door.token(carl))).status_code == 404


async def test_s49_s70_s143_blind_recipients_get_it_and_are_named_nowhere(door: Door):
    bob = await door.house.register("bob")
    created = await door.do("Create", {**NOTE, "bto": [door.victor.uri]}, bcc=[bob.uri])
    await run_jobs_until_idle(door.house)
    sent = door.victor.host.received("Create")[0]
    addresses = [door.path(created["id"]), door.path(created["object"]["id"]), "/users/alice/outbox?page=true"]
    seen = [msgspec.json.encode(sent).decode()] + [(await door.ask(path)).text for path in addresses]
    seen.append((await door.ask("/users/bob/inbox?page=true", headers={"authorization": await door.token(bob)})).text)
    assert created["object"]["id"] in seen[-1]
    for text in seen:
        assert "bto" not in text and "bcc" not in text
        assert door.victor.uri not in text and bob.uri not in text.replace(f"{bob.uri}/inbox", "")


async def test_s12_a_blind_recipient_may_see_it(door: Door):
    made = await create(door, to=[], bto=[door.victor.uri])
    assert (await door.ask_signed(door.path(made["id"]), door.victor)).status_code == 200
    assert (await door.ask(door.path(made["id"]))).status_code == 404


async def _upload(door: Door, owner_id: int) -> Media:
    async with door.house.database.write() as tx:
        picture = make(
            Media,
            id=door.house.site.ids.new(),
            actor_id=owner_id,
            media_type="image/jpeg",
            file_key=f"{owner_id}.jpg",
            width=8,
            height=8,
        )
        await media.add(tx, picture)
    return picture


@pytest.mark.parametrize("form", ["id", "object", "copy"])
async def test_s120_an_upload_is_attached_by_its_owner(door: Door, form):
    picture = await _upload(door, door.alice.id)
    uri, url = door.house.site.upload_uri("alice", picture.id), door.house.site.media_url(picture.file_key or "")
    value = {"id": uri, "object": {"type": "Image", "id": uri}, "copy": {"type": "Image", "url": url, "name": "a fox"}}
    made = await create(door, attachment=[value[form]])
    assert [one["url"] for one in made["attachment"]] == [url]
    if form == "copy":
        assert made["attachment"][0]["name"] == "a fox"


async def test_s120_the_upload_of_another_is_refused(door: Door):
    bob = await door.house.register("bob")
    picture = await _upload(door, bob.id)
    answer = await door.hand_in({**NOTE, "attachment": [door.house.site.upload_uri("bob", picture.id)]})
    assert answer.status_code == 403


async def test_an_attachment_that_lies_elsewhere_is_passed_on(door: Door):
    value = {"type": "Image", "url": "https://remote.example/a.png", "mediaType": "image/png"}
    assert (await create(door, attachment=value))["attachment"] == [value]


async def test_s74_s76_an_update_is_partial_and_what_is_sent_is_whole(door: Door):
    made = await create(door, summary="careful", mood="calm", cc=[door.victor.uri], startTime="2027-01-01")
    await run_jobs_until_idle(door.house)
    change = {"id": made["id"], "content": "<p>new</p>", "summary": None, "mood": None}
    await door.do("Update", change)
    await run_jobs_until_idle(door.house)
    shown = (await door.ask(door.path(made["id"]))).json()
    sent = door.victor.host.received("Update")[0]["object"]
    for document in (shown, sent):
        assert (document["content"], document["summary"], document["startTime"]) == ("<p>new</p>", None, "2027-01-01")
        assert "mood" not in document
        assert document["updated"] > document["published"]
        assert (document["to"], document["cc"]) == ([PUBLIC], [door.victor.uri])


async def test_s74_what_an_update_does_not_name_stays_letter_by_letter(door: Door):
    post = await door.write("a #tag and https://example.org/")
    await door.do("Update", {"id": post.uri, "summary": "careful"})
    async with door.house.database.read() as reader:
        changed = await posts.find(reader, post.id)
    assert changed is not None
    assert (changed.content_html, changed.source) == (post.content_html, post.source)
    assert (changed.summary, changed.to, changed.cc) == ("careful", post.to, post.cc)


async def test_s75_the_object_of_another_is_not_changed_or_deleted(door: Door):
    bob = await door.house.register("bob")
    token = await door.token(bob)
    post = await door.write()
    for body in (
        {"type": "Update", "object": {"id": post.uri, "content": "x"}},
        {"type": "Delete", "object": post.uri},
    ):
        answer = await door.hand_in(body, token=token, path="/users/bob/outbox")
        assert answer.status_code == 403


@pytest.mark.parametrize("type", ["Update", "Delete"])
async def test_an_unknown_object_is_404(door: Door, type):
    answer = await door.hand_in({"type": type, "object": {"id": f"{door.alice.uri}/posts/1", "content": "x"}})
    assert answer.status_code == 404


async def test_the_type_and_the_audience_cannot_be_changed(door: Door):
    post = await door.write()
    for change in ({"type": "Article"}, {"to": [f"{door.alice.uri}/followers"], "type": "Video"}):
        answer = await door.hand_in({"type": "Update", "object": {"id": post.uri} | change})
        assert answer.status_code == 422


async def test_an_update_of_the_actor_changes_the_profile(door: Door):
    await door.do("Update", {"id": door.alice.uri, "type": "Person", "name": "Alice", "summary": "<p>paints</p>"})
    actor = (await door.ask("/users/alice")).json()
    assert (actor["name"], actor["summary"]) == ("Alice", "<p>paints</p>")


async def test_s77_s147_a_deletion_leaves_a_tombstone_and_reaches_who_had_it(door: Door):
    made = await create(door, bcc=[door.victor.uri])
    await run_jobs_until_idle(door.house)
    deleted = await door.do("Delete", made["id"])
    await run_jobs_until_idle(door.house)
    answer = await door.ask(door.path(made["id"]))
    assert (answer.status_code, answer.json()["type"]) == (410, "Tombstone")
    assert door.victor.host.received("Delete")[0]["object"]["id"] == made["id"]
    assert (await door.show(deleted["id"])).json()["id"] == deleted["id"]
    assert (await door.hand_in({"type": "Delete", "object": made["id"]})).status_code == 404


BOTH = {"de": "<p>Hallo<script>x()</script></p>", "en": "<p>hello</p>", "pt-BR": "<p>olá</p>"}


async def test_words_in_several_languages_are_kept_cleaned_and_sent(door: Door):
    maps = {
        "contentMap": BOTH,
        "summaryMap": {"en": "mind <b>it</b>", "de": "Achtung"},
        "nameMap": {"en": "A", "de": "B"},
    }
    made = await create(door, **maps, summary="mind it", name="A", cc=[door.victor.uri])
    await run_jobs_until_idle(door.house)

    shown = (await door.ask(door.path(made["id"]))).json()
    for document in (made, shown, door.victor.host.received("Create")[0]["object"]):
        assert document["content"] == "<p>hello</p>"
        assert document["contentMap"] == {**BOTH, "de": "<p>Hallo</p>"}
        assert document["summaryMap"] == {"en": "mind it", "de": "Achtung"}
        assert document["nameMap"] == {"en": "A", "de": "B"}


@pytest.mark.parametrize(
    ("asked", "words", "other"),
    [("de-AT, en;q=0.5", "Hallo", "hello"), ("fr, pt", "olá", "hello"), ("fr", "hello", "Hallo"), ("", "hello", "olá")],
)
async def test_a_reader_is_shown_the_language_that_fits(door: Door, asked, words, other):
    made = await create(door, contentMap=BOTH)

    path = f"/@alice/{made['id'].rpartition('/')[2]}"
    page = await door.house.network.send(
        "GET", f"{door.house.origin}{path}", {"accept": "text/html", "accept-language": asked}
    )

    assert f"<p>{words}</p>" in page.text and f"<p>{other}</p>" not in page.text
    assert "Accept-Language" in page.headers["vary"]


async def test_an_edit_without_a_map_ends_it_and_one_of_something_else_leaves_it(door: Door):
    made = await create(door, contentMap=BOTH, summary="mind it", summaryMap={"en": "mind it", "de": "Achtung"})

    async def change(**more: object) -> dict[str, object]:
        door.house.clock.advance(60)
        return (await door.do("Update", {"id": made["id"], "type": "Note"} | more))["object"]

    assert (await change(sensitive=True))["contentMap"] == {**BOTH, "de": "<p>Hallo</p>"}
    kept = await change(content="<p>anew</p>")
    assert (kept["content"], kept["contentMap"]) == ("<p>anew</p>", {"en": "<p>anew</p>"})
    assert kept["summaryMap"] == {"en": "mind it", "de": "Achtung"}
    assert (await change(summary="other"))["summaryMap"] == {"en": "other"}


async def test_a_map_is_bounded_and_its_languages_are_tags(door: Door):
    many = {f"x{chr(97 + number)}": f"<p>{number}</p>" for number in range(25)}
    made = await create(door, contentMap={"en": "<p>hello</p>", "no tag": "<p>x</p>", "de": 7, **many})
    assert len(made["contentMap"]) == LANGUAGES_AT_MOST and "no tag" not in made["contentMap"]
