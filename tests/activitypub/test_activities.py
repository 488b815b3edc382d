import pytest

from activitypub import activities as build
from activitypub.reading import read_activity
from activitypub.vocabulary import PUBLIC

US = "https://pinxit.example"
ANNA = f"{US}/users/anna"
PEER = "https://peer.example/users/b"
NOTE = {
    "@context": ["https://www.w3.org/ns/activitystreams", {"genAI": "x"}],
    "id": f"{US}/pictures/1",
    "type": "Note",
    "published": "2026-05-02T08:30:00Z",
    "updated": "2026-05-02T09:30:00Z",
    "to": [PUBLIC],
    "cc": [f"{ANNA}/followers"],
}

BUILT = {
    "Create": build.create(f"{ANNA}/1", ANNA, NOTE),
    "Update": build.update(f"{ANNA}/2", ANNA, NOTE),
    "Delete": build.delete(f"{ANNA}/3", ANNA, NOTE["id"], to=[PUBLIC], cc=[PEER]),
    "Follow": build.follow(f"{ANNA}/4", ANNA, PEER),
    "Accept": build.accept(f"{ANNA}/5", ANNA, follow_id=f"{PEER}/f", follower=PEER),
    "Reject": build.reject(f"{ANNA}/6", ANNA, follow_id=f"{PEER}/f", follower=PEER),
    "Undo": build.undo(f"{ANNA}/7", ANNA, build.follow(f"{ANNA}/4", ANNA, PEER)),
    "Like": build.like(f"{ANNA}/8", ANNA, "https://peer.example/1", author=PEER),
    "Announce": build.announce(
        f"{ANNA}/9", ANNA, "https://peer.example/1", published="2026-05-02T08:30:00Z", to=[PUBLIC], cc=[PEER]
    ),
    "Block": build.block(f"{ANNA}/10", ANNA, PEER),
    "Add": build.add(f"{ANNA}/11", ANNA, NOTE["id"], target=f"{ANNA}/featured", to=[PUBLIC]),
    "Remove": build.remove(f"{ANNA}/12", ANNA, NOTE["id"], target=f"{ANNA}/featured", to=[PUBLIC]),
    "Move": build.move(f"{ANNA}/13", ANNA, target="https://new.example/a", followers_uri=f"{ANNA}/followers"),
    "Flag": build.flag(f"{US}/14", f"{US}/actor", [PEER, "https://peer.example/1"], content="why", to=PEER),
}


@pytest.mark.parametrize("kind", BUILT)
def test_s131_s132_every_activity_has_id_actor_object_and_recipients(kind):
    activity = read_activity(BUILT[kind])
    assert activity.type == kind
    assert activity.object_id
    assert activity.to
    assert isinstance(BUILT[kind]["actor"], str)
    assert isinstance(BUILT[kind]["to"], list)


@pytest.mark.parametrize("kind", ["Add", "Remove", "Move"])
def test_s132_activities_about_a_place_name_it(kind):
    assert read_activity(BUILT[kind]).target


@pytest.mark.parametrize(("kind", "dated"), [("Create", "published"), ("Update", "updated")])
def test_whole_objects_lend_their_context_addressing_and_date(kind, dated):
    activity = BUILT[kind]
    assert (activity["to"], activity["cc"]) == (NOTE["to"], NOTE["cc"])
    assert activity["@context"] == NOTE["@context"]
    assert activity["published"] == NOTE[dated]
    assert "@context" not in activity["object"]


def test_update_of_an_actor_is_addressed_by_hand():
    update = build.update(f"{ANNA}/2", ANNA, {"id": ANNA, "type": "Person"}, to=[PUBLIC])
    assert update["to"] == [PUBLIC]


@pytest.mark.parametrize("kind", ["Accept", "Reject"])
def test_answers_embed_a_follow_of_plain_strings(kind):
    assert BUILT[kind]["object"] == {"id": f"{PEER}/f", "type": "Follow", "actor": PEER, "object": ANNA}


def test_undo_embeds_a_minimal_activity_and_goes_where_it_went():
    undo = BUILT["Undo"]
    assert undo["object"] == {"id": f"{ANNA}/4", "type": "Follow", "actor": ANNA, "object": PEER}
    assert undo["to"] == [PEER]


def test_delete_of_a_post_carries_a_tombstone_of_an_actor_its_id():
    assert BUILT["Delete"]["object"] == {"id": NOTE["id"], "type": "Tombstone"}
    assert build.delete_actor(f"{ANNA}/15", ANNA, to=[PUBLIC])["object"] == ANNA


def test_flag_names_the_actor_first_and_comes_from_the_instance():
    assert BUILT["Flag"]["object"][0] == PEER
    assert BUILT["Flag"]["actor"] == f"{US}/actor"
