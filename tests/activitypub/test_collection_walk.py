"""Walking a peer's collection: whatever its pages say, the walk ends, stays at home and finds each thing once."""

from hypothesis import given
from hypothesis import strategies as st

from activitypub.collection_walk import Walk
from activitypub.reading import read_collection
from activitypub.vocabulary import same_origin

HOME = "https://remote.example/notes/1/replies"
PLACES = [HOME, *(f"https://remote.example/pages/{number}" for number in range(6)), "https://other.example/page"]
THINGS = [f"https://{host}/notes/{number}" for host in ("remote.example", "other.example") for number in range(8)]

items = st.lists(st.sampled_from(THINGS) | st.builds(lambda uri: {"id": uri, "type": "Note"}, st.sampled_from(THINGS)))
kinds = st.sampled_from(["Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"])


def page(**more):
    return {"type": "OrderedCollectionPage"} | more


@st.composite
def internets(draw):
    """Pages that lead anywhere: on, back, to themselves, away."""
    return {
        uri: {
            "id": uri,
            "type": draw(kinds),
            draw(st.sampled_from(["items", "orderedItems"])): draw(items),
            draw(st.sampled_from(["next", "first"])): draw(st.sampled_from(PLACES)),
        }
        for uri in PLACES
    }


def follow(walk, internet):
    asked = []
    while walk.next is not None:
        asked.append(walk.next)
        walk.take(walk.next, read_collection(internet[walk.next]))
    return asked


@given(internets(), st.integers(0, 5), st.integers(0, 9))
def test_t51_every_walk_ends_within_its_bounds_and_at_home(internet, pages, most):
    walk = Walk(HOME, pages=pages, items=most)

    asked = follow(walk, internet)

    assert len(asked) <= pages
    assert len(set(asked)) == len(asked)
    assert all(same_origin(uri, HOME) for uri in asked)
    assert len(walk.items) <= most
    assert len({item.uri for item in walk.items}) == len(walk.items)


@given(internets())
def test_s13_a_copy_is_believed_from_its_own_origin_alone(internet):
    walk = Walk(HOME, pages=5, items=20)

    follow(walk, internet)

    assert all(item.document is None or same_origin(item.uri, HOME) for item in walk.items)


def test_a_first_page_inside_its_collection_costs_no_request():
    walk = Walk(HOME, pages=3, items=10)
    inner = page(items=[THINGS[0]], next=PLACES[1])

    walk.take(HOME, read_collection({"id": HOME, "type": "Collection", "first": inner}))

    assert [item.uri for item in walk.items] == [THINGS[0]]
    assert walk.next == PLACES[1]


def test_gotosocial_writes_a_list_of_one_as_one():
    walk = Walk(HOME, pages=1, items=10)

    walk.take(HOME, read_collection(page(orderedItems=THINGS[0])))

    assert [item.uri for item in walk.items] == [THINGS[0]]


def test_t51_an_endless_row_of_empty_pages_is_left():
    walk, asked = Walk(HOME, pages=3, items=10), 0
    while walk.next is not None:
        asked += 1
        walk.take(walk.next, read_collection(page(orderedItems=[], next=f"{HOME}?page={asked}")))

    assert asked == 3


def test_an_answer_from_another_origin_is_not_taken():
    walk = Walk(HOME, pages=3, items=10)

    walk.take("https://other.example/replies", read_collection(page(orderedItems=THINGS, next=PLACES[1])))

    assert (walk.items, walk.next) == ((), None)
