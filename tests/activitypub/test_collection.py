from activitypub.collection import build_collection, build_page
from activitypub.reading import read_collection

OUTBOX = "https://pinxit.example/users/anna/outbox"


def test_s41_root_tells_its_total_and_leads_to_its_first_page():
    root = build_collection(OUTBOX, total=3, first=f"{OUTBOX}?page=1", last=f"{OUTBOX}?page=9")
    assert root["type"] == "OrderedCollection"
    assert "orderedItems" not in root
    read = read_collection(root)
    assert (read.total, read.first) == (3, f"{OUTBOX}?page=1")


def test_s47_hidden_collection_keeps_its_total_only():
    assert build_collection(OUTBOX, total=3).keys() == {"@context", "id", "type", "totalItems"}


def test_short_collection_holds_its_items():
    assert build_collection(OUTBOX, total=1, items=["x"], ordered=False)["items"] == ["x"]


def test_s41_pages_are_part_of_their_root_and_the_last_has_no_next():
    page = build_page(f"{OUTBOX}?page=1", part_of=OUTBOX, items=["x"], next=f"{OUTBOX}?page=2")
    last = build_page(f"{OUTBOX}?page=2", part_of=OUTBOX, items=[], prev=f"{OUTBOX}?page=1")
    assert (page["type"], page["partOf"], page["orderedItems"]) == ("OrderedCollectionPage", OUTBOX, ["x"])
    assert read_collection(page).next == f"{OUTBOX}?page=2"
    assert "next" not in last
    assert last["orderedItems"] == []
