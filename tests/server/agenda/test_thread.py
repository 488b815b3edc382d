"""The job that looks up threads: up to what is answered, down to what answers, and no further than its purse."""

from activitypub.reading import read_note
from activitypub.vocabulary import PUBLIC
from server.actions.network.look_up import OWN_AT_ONCE, WAITING_AT_MOST, ask_ancestors, ask_own_threads, ask_thread
from server.actions.writing.keep_note import keep_note
from server.agenda.history.thread import ANCESTORS_AT_MOST, OWN_REQUESTS_AT_MOST
from server.store.network import walks
from server.store.telling import notifications
from server.store.writing import posts
from tests.remote_host import RemoteHost, Shown


def path_of(uri):
    return uri.partition("example")[2]


def gets(desk, *hosts):
    return [request.target for host in hosts or (desk.person.host,) for request in host.gets]


async def sent(desk, **more):
    """A post of bob's that names alice; return it as her app shows it."""
    tag = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}]
    note = desk.person.note("<p>look</p>", tag=tag, **more)
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    return (await desk.app.get("/api/v1/notifications")).json[0]["status"]


async def context(desk, post, *, app=None):
    """What an app shows around a post, and then again when the jobs are done."""
    address = f"/api/v1/statuses/{post['id']}/context"
    await (app or desk.app).get(address)
    await desk.settle()
    shown = (await (app or desk.app).get(address)).json
    return [[one["content"] for one in shown[name]] for name in ("ancestors", "descendants")]


def show_replies(desk, note_uri, *items, **more):
    """Bob's host lists these as answers, on one page; return the collection's address."""
    root = f"{note_uri}/replies"
    desk.person.host.show(path_of(root), {"id": root, "type": "Collection", "first": f"{root}/page"})
    desk.person.host.show(path_of(f"{root}/page"), {"type": "CollectionPage", "partOf": root, "items": items, **more})
    return root


async def test_s13_what_an_answer_answers_comes_from_its_own_origin_to_the_top(desk):
    eve = RemoteHost(desk.house.network, desk.house.clock, origin="https://other.example").person("eve")
    top = eve.note("<p>top</p>")
    middle = desk.person.note("<p>middle</p>", inReplyTo=top["id"])

    post = await sent(desk, inReplyTo=middle["id"])

    assert (await context(desk, post))[0] == ["<p>top</p>", "<p>middle</p>"]
    assert await desk.told(desk.alice) == ["mention"]
    assert (await desk.app.get("/api/v1/timelines/home")).json == []


async def test_what_was_looked_up_is_marked_until_it_is_sent(desk):
    parent = desk.person.note("<p>parent</p>", tag=[{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}])
    await sent(desk, inReplyTo=parent["id"])
    async with desk.house.database.read() as reader:
        found = await posts.find_by_uri(reader, parent["id"])
        assert await walks.was_looked_up(reader, found.id)

    await desk.person.send(desk.person.create(parent), desk.alice.inbox)
    await desk.settle()

    async with desk.house.database.read() as reader:
        assert not await walks.was_looked_up(reader, found.id)
        told = [one.post_id for one in await notifications.list_of_actor(reader, desk.alice.id)]
    assert told[0] == found.id


async def test_an_ancestor_that_is_not_for_everybody_is_not_kept(desk):
    parent = desk.person.note("<p>secret</p>", to=[desk.person.followers], cc=[])

    post = await sent(desk, inReplyTo=parent["id"])

    assert (await context(desk, post))[0] == []


async def test_s13_an_ancestor_under_another_origins_name_is_not_believed(desk):
    parent = f"{desk.bob.uri}/notes/forged"
    forged = {"id": parent, "type": "Note", "attributedTo": "https://other.example/users/eve", "to": [PUBLIC]}
    desk.person.host.show(path_of(parent), forged | {"content": "forged"})

    post = await sent(desk, inReplyTo=parent)

    assert (await context(desk, post))[0] == []


async def test_a_silent_peer_is_asked_three_times_for_what_is_answered(desk):
    parent = desk.person.note("<p>parent</p>")
    desk.person.host.show_raw(path_of(parent["id"]), Shown(b"", 503))

    await sent(desk, inReplyTo=parent["id"])
    await desk.wait(86_400)

    assert gets(desk).count(path_of(parent["id"])) == 3


async def test_t52_a_thread_that_bites_its_tail_is_climbed_once(desk):
    one, other = f"{desk.bob.uri}/notes/one", f"{desk.bob.uri}/notes/other"
    desk.person.note("<p>one</p>", id=one, inReplyTo=other)
    desk.person.note("<p>other</p>", id=other, inReplyTo=one)

    await sent(desk, inReplyTo=one)

    assert [gets(desk).count(path_of(uri)) for uri in (one, other)] == [1, 1]


async def test_who_opens_a_post_sees_what_answers_it_and_what_answers_that(desk):
    eve = RemoteHost(desk.house.network, desk.house.clock, origin="https://other.example").person("eve")
    uri = f"{desk.bob.uri}/notes/asked"
    first = f"{eve.uri}/notes/first"
    second = desk.person.note("<p>second</p>", inReplyTo=first)
    shown = {"id": f"{first}/replies", "type": "Collection", "items": second["id"]}  # GoToSocial: one is no list
    eve.note("<p>first</p>", id=first, inReplyTo=uri, replies=shown)
    post = await sent(desk, id=uri, replies=show_replies(desk, uri, first))

    assert (await context(desk, post))[1] == ["<p>first</p>", "<p>second</p>"]
    assert await desk.told(desk.alice) == ["mention"]


async def test_mastodon_a_first_page_inside_the_post_is_read(desk):
    uri = f"{desk.bob.uri}/notes/asked"
    reply = desk.person.note("<p>reply</p>", inReplyTo=uri)
    page = {"type": "CollectionPage", "partOf": f"{uri}/replies", "items": [reply["id"]]}
    post = await sent(desk, id=uri, replies={"id": f"{uri}/replies", "type": "Collection", "first": page})

    assert (await context(desk, post))[1] == ["<p>reply</p>"]
    assert f"{path_of(uri)}/replies" not in gets(desk)


async def test_what_does_not_say_that_it_answers_is_not_taken_into_a_thread(desk):
    uri = f"{desk.bob.uri}/notes/asked"
    stray = desk.person.note("<p>stray</p>")
    post = await sent(desk, id=uri, replies=show_replies(desk, uri, stray["id"]))

    assert (await context(desk, post))[1] == []
    async with desk.house.database.read() as reader:
        assert await posts.find_by_uri(reader, stray["id"]) is None


async def test_a_thread_is_looked_up_once_in_a_quarter_of_an_hour(desk):
    uri = f"{desk.bob.uri}/notes/asked"
    post = await sent(desk, id=uri, replies=show_replies(desk, uri))
    for _ in range(3):
        await context(desk, post)
    page = f"{path_of(uri)}/replies/page"
    assert gets(desk).count(page) == 1

    await desk.wait(901)
    await context(desk, post)

    assert gets(desk).count(page) == 2


async def test_a_stranger_makes_us_look_up_nothing(desk):
    uri = f"{desk.bob.uri}/notes/asked"
    post = await sent(desk, id=uri, replies=show_replies(desk, uri))
    before = len(gets(desk))

    await context(desk, post, app=desk.stranger)

    assert len(gets(desk)) == before


async def test_t51_a_hostile_peer_is_asked_half_of_the_purse_and_no_more(desk):
    # Given answers without end, each of another name below one domain, which are not there
    uri = f"{desk.bob.uri}/notes/asked"
    items = [f"https://n{number}.remote.example/notes/1" for number in range(1000)]
    for number in range(1000):
        RemoteHost(desk.house.network, desk.house.clock, origin=f"https://n{number}.remote.example")
    post = await sent(desk, id=uri, replies=show_replies(desk, uri, *items))
    before = len(desk.house.network.asked("GET"))

    await context(desk, post)

    purse = desk.house.config.federation.thread_requests_at_most
    assert len([one for one in desk.house.network.asked("GET")[before:] if "/notes/" in one.url]) <= purse // 2


async def test_a_peer_that_is_down_is_asked_three_times_in_one_walk(desk):
    uri = f"{desk.bob.uri}/notes/asked"
    down = RemoteHost(desk.house.network, desk.house.clock, origin="https://down.example")
    for number in range(20):
        down.show_raw(f"/notes/{number}", Shown(b"", 503))
    items = [f"https://down.example/notes/{number}" for number in range(20)]
    post = await sent(desk, id=uri, replies=show_replies(desk, uri, *items))

    await context(desk, post)

    assert len(gets(desk, down)) == 3


def show_context(desk, *items):
    """Bob's host keeps a conversation with these posts in it; return its address."""
    root = f"{desk.person.host.origin}/contexts/1"
    desk.person.host.show("/contexts/1", {"id": root, "type": "OrderedCollection", "orderedItems": list(items)})
    return root


def show_crowd(desk, number):
    """A host that has nothing to do with bob; return it, and so many addresses on it."""
    third = RemoteHost(desk.house.network, desk.house.clock, origin="https://third.example")
    return third, [f"https://third.example/notes/{one}" for one in range(number)]


async def test_t52_who_sends_a_post_does_not_choose_whom_we_ask(desk):
    # Given a post whose answers, and whose conversation, are all said to lie with a third party
    third, listed = show_crowd(desk, 80)
    uri = f"{desk.bob.uri}/notes/asked"
    replies = {"id": f"{uri}/replies", "type": "Collection", "items": listed}

    # When it comes, and nobody opens it
    await sent(desk, id=uri, replies=replies, context=show_context(desk, *listed))
    assert gets(desk, third) == []

    # Then they are asked for when somebody does
    await desk.app.get(f"/api/v1/statuses/{(await stored(desk, uri)).id}/context")
    await desk.settle()
    assert gets(desk, third) != []


async def test_t5_t52_a_redirect_does_not_choose_whom_we_ask_either(desk):
    third, listed = show_crowd(desk, 3)
    uri = f"{desk.bob.uri}/notes/asked"
    sent_on = [f"{desk.bob.uri}/notes/sent-on/{number}" for number in range(3)]
    for address, target in zip(sent_on, listed, strict=True):
        desk.person.host.show_raw(path_of(address), Shown(b"", 302, {"location": target}))

    await sent(desk, id=uri, replies={"id": f"{uri}/replies", "type": "Collection", "items": sent_on})

    assert path_of(sent_on[0]) in gets(desk) and gets(desk, third) == []


async def test_t52_who_answers_does_not_choose_whom_we_ask_for_their_name(desk):
    third, _ = show_crowd(desk, 0)
    dora = desk.person.host.person("dora", webfinger="acct:dora@third.example")
    uri = f"{desk.bob.uri}/notes/asked"
    reply = dora.note("<p>reply</p>", inReplyTo=uri)

    await sent(desk, id=uri, replies={"id": f"{uri}/replies", "type": "Collection", "items": [reply["id"]]})

    # And nobody is known by a name that was not looked up.
    assert path_of(reply["id"]) in gets(desk)
    assert gets(desk, third) == []
    assert await stored(desk, reply["id"]) is None


async def test_answers_that_lie_where_the_post_does_are_there_before_it_is_opened(desk):
    uri = f"{desk.bob.uri}/notes/asked"
    reply = desk.person.note("<p>reply</p>", inReplyTo=uri)
    await sent(desk, id=uri, replies={"id": f"{uri}/replies", "type": "Collection", "items": [reply["id"]]})

    assert await stored(desk, reply["id"]) is not None


async def test_t52_a_host_that_sends_many_posts_with_answers_has_one_of_them_looked_up(desk):
    uris = [f"{desk.bob.uri}/notes/asked{number}" for number in range(5)]
    for uri in uris:
        items = [f"{uri}/reply"]
        await sent(desk, id=uri, replies={"id": f"{uri}/replies", "type": "Collection", "items": items})

    asked = [uri for uri in uris if path_of(f"{uri}/reply") in gets(desk)]
    assert asked == uris[:1]


async def test_t52_what_peers_make_us_look_up_waits_in_a_line_with_an_end(desk):
    # Given a line that is full
    async with desk.house.database.write() as tx:
        for number in range(WAITING_AT_MOST):
            await desk.site.queue.enqueue(tx, "thread", {"post": number, "down": 0}, unique=f"ancestors:{number}")
        waiting = await desk.site.queue.has_waiting(tx, "thread", WAITING_AT_MOST)
    assert waiting

    # When more comes
    parent = desk.person.note("<p>parent</p>")
    note = desk.person.note("<p>look</p>", inReplyTo=parent["id"], to=[desk.alice.uri], replies={"totalItems": 3})
    async with desk.house.database.write(durable=False) as tx:
        kept = await keep_note(tx, desk.site, desk.bob, read_note(note))
        await ask_ancestors(tx, desk.site, kept)

        # Then the line is no longer, but whoever opens the post is served
        assert not await desk.site.queue.has_waiting(tx, "thread", WAITING_AT_MOST + 1)
        await ask_thread(tx, desk.site, kept)
        assert await desk.site.queue.has_waiting(tx, "thread", WAITING_AT_MOST + 1)


async def stored(desk, uri):
    async with desk.house.database.read() as reader:
        return await posts.find_by_uri(reader, uri)


async def test_what_the_conversation_lists_is_found_in_any_order(desk):
    uri = f"{desk.person.host.origin}/contexts/1"
    root = desk.person.note("<p>root</p>", context=uri, tag=[])
    first = desk.person.note("<p>first</p>", inReplyTo=root["id"], context=uri)
    second = desk.person.note("<p>second</p>", inReplyTo=first["id"], context=uri)
    stray = desk.person.note("<p>stray</p>", context=uri)
    show_context(desk, second["id"], stray["id"], first["id"], root["id"])

    post = await sent(desk, id=root["id"], context=uri)

    assert (await context(desk, post))[1] == ["<p>first</p>", "<p>second</p>"]


async def test_t51_a_conversation_without_end_is_read_to_its_bound(desk):
    uri = f"{desk.person.host.origin}/contexts/1"
    page = f"{uri}/page"
    desk.person.host.show("/contexts/1", {"id": uri, "type": "OrderedCollection", "first": page})
    desk.person.host.show("/contexts/1/page", {"type": "OrderedCollectionPage", "orderedItems": [], "next": page})

    post = await sent(desk, context=uri)
    await context(desk, post)

    assert gets(desk).count("/contexts/1/page") == 1


async def test_what_a_peer_counts_is_shown(desk):
    post = await sent(desk, likes={"type": "Collection", "totalItems": 12}, shares={"totalItems": 3})
    shown = await desk.look(post)
    assert (shown["favourites_count"], shown["reblogs_count"]) == (12, 3)


async def test_answers_below_our_posts_are_looked_up_once_a_day(desk):
    mine = await desk.write("mine", visibility="public")
    answer = desk.person.note("<p>answer</p>", inReplyTo=mine["uri"])
    further = desk.person.note("<p>further</p>", inReplyTo=answer["id"])
    answer["replies"] = show_replies(desk, answer["id"], further["id"])
    desk.person.host.show(path_of(answer["id"]), answer)
    await desk.person.send(desk.person.create(answer), desk.alice.inbox)
    await desk.settle()

    for _ in range(2):
        async with desk.house.database.write() as tx:
            await ask_own_threads(tx, desk.site)
        await desk.settle()

    below = (await desk.app.get(f"/api/v1/statuses/{mine['id']}/context")).json["descendants"]
    assert [one["content"] for one in below] == ["<p>answer</p>", "<p>further</p>"]
    assert gets(desk).count(path_of(f"{answer['id']}/replies")) == 1


async def test_t51_below_few_of_our_posts_is_looked_at_once(desk):
    for number in range(OWN_AT_ONCE + 1):
        mine = await desk.write(f"mine {number}", visibility="public")
        answer = desk.person.note("<p>answer</p>", inReplyTo=mine["uri"])
        await desk.person.send(desk.person.create(answer), desk.alice.inbox)
    await desk.settle()

    async with desk.house.database.write() as tx:
        await ask_own_threads(tx, desk.site)

    assert [job.kind for job in await desk.house.jobs()].count("thread") == OWN_AT_ONCE


async def test_t52_who_answers_us_makes_us_ask_little_until_somebody_opens_the_answer(desk):
    # Given an answer below our post, which says that a crowd on two servers answers it
    mine = await desk.write("mine", visibility="public")
    answer = desk.person.note("<p>answer</p>", inReplyTo=mine["uri"])
    origins = ["https://third.example", "https://fourth.example"]
    for origin in origins:
        RemoteHost(desk.house.network, desk.house.clock, origin=origin)
    crowd = [f"{origin}/notes/{number}" for number in range(200) for origin in origins]
    answer["replies"] = show_replies(desk, answer["id"], *crowd)
    desk.person.host.show(path_of(answer["id"]), answer)
    await desk.person.send(desk.person.create(answer), desk.alice.inbox)
    await desk.settle()

    # When housekeeping looks below our post
    before = len(desk.house.network.asked("GET"))
    async with desk.house.database.write() as tx:
        await ask_own_threads(tx, desk.site)
    await desk.settle()

    # Then little is asked, and more as soon as somebody opens the answer
    unopened = len(desk.house.network.asked("GET"))
    assert unopened - before == OWN_REQUESTS_AT_MOST
    (below,) = (await desk.app.get(f"/api/v1/statuses/{mine['id']}/context")).json["descendants"]
    await context(desk, below)
    assert len(desk.house.network.asked("GET")) - unopened > OWN_REQUESTS_AT_MOST


async def test_s176_a_thread_is_climbed_so_many_steps_and_no_more(desk):
    note = desk.person.note("<p>0</p>")
    for number in range(1, ANCESTORS_AT_MOST + 10):
        note = desk.person.note(f"<p>{number}</p>", inReplyTo=note["id"])

    await sent(desk, inReplyTo=note["id"])

    async with desk.house.database.read() as reader:
        known = [post async for post in all_above(reader, note["id"])]
    assert len(known) == ANCESTORS_AT_MOST


async def all_above(reader, uri):
    post = await posts.find_by_uri(reader, uri)
    while post is not None:
        yield post
        post = await posts.find_by_uri(reader, post.in_reply_to_uri)


def show_counts(desk, note_uri, *, origin=None, **totals):
    """A post's collections, given by their addresses alone; return these."""
    counted = {}
    for name, total in totals.items():
        uri = f"{origin or desk.person.host.origin}{path_of(note_uri)}/{name}"
        desk.person.host.show(path_of(uri), {"id": uri, "type": "Collection", "totalItems": total})
        counted[name] = uri
    return counted


async def test_totals_of_collections_that_are_given_as_addresses_are_asked_when_a_post_is_opened(desk):
    uri = f"{desk.bob.uri}/notes/counted"
    post = await sent(desk, id=uri, **show_counts(desk, uri, likes=12, shares=3, replies=7))
    assert (await desk.look(post))["favourites_count"] == 0

    for _ in range(2):
        await context(desk, post)

    shown = await desk.look(post)
    assert (shown["favourites_count"], shown["reblogs_count"], shown["replies_count"]) == (12, 3, 7)
    asked = gets(desk)
    assert [asked.count(path_of(f"{uri}/{name}")) for name in ("likes", "shares", "replies")] == [1, 1, 1]


async def test_nobody_is_asked_for_the_totals_of_what_answers_an_opened_post(desk):
    reply = f"{desk.bob.uri}/notes/reply"
    uri = f"{desk.bob.uri}/notes/counted"
    desk.person.note("<p>reply</p>", id=reply, inReplyTo=uri, **show_counts(desk, reply, likes=1, shares=1))
    post = await sent(desk, id=uri, replies=show_replies(desk, uri, reply))

    assert (await context(desk, post))[1] == ["<p>reply</p>"]

    assert path_of(f"{reply}/likes") not in gets(desk) and path_of(f"{reply}/shares") not in gets(desk)


async def test_s13_a_total_on_another_origin_than_the_post_is_not_asked(desk):
    other = RemoteHost(desk.house.network, desk.house.clock, origin="https://other.example")
    uri = f"{desk.bob.uri}/notes/counted"
    post = await sent(desk, id=uri, **show_counts(desk, uri, origin=other.origin, likes=12, shares=3))

    await context(desk, post)

    assert gets(desk, other) == []
    assert (await desk.look(post))["favourites_count"] == 0
