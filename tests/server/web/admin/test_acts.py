"""Each form for those who run the instance leaves its act, and a form that is not named here fails the test."""

import pytest

from server.store.network import audit
from server.web.door import ROUTES
from tests.server.web.admin.test_admin import complain
from tests.server.web.exhibition import Exhibition, Visitor, read_forms

PERSON = "/admin/people/<id:actor_id>/<any(suspend, unsuspend, silence, unsilence):deed>"
REPORT = "/admin/reports/<id:report_id>/resolve"
# By the path of the route: the forms that are sent to it, one after the other, and the act that each leaves.
ACTS: dict[str, list[tuple[str, dict[str, str], str]]] = {
    PERSON: [
        ("/admin/people/{carol}/suspend", {}, "account.suspend"),
        ("/admin/people/{carol}/unsuspend", {}, "account.unsuspend"),
        ("/admin/people/{carol}/silence", {}, "account.silence"),
        ("/admin/people/{carol}/unsilence", {}, "account.unsilence"),
    ],
    REPORT: [("/admin/reports/{report}/resolve", {}, "report.resolve")],
    "/admin/servers": [("/admin/servers", {"domain": "rude.example", "severity": "suspend"}, "domain.set")],
    "/admin/servers/lift": [
        ("/admin/servers", {"domain": "rude.example", "severity": "suspend"}, "domain.set"),
        ("/admin/servers/lift", {"domain": "rude.example"}, "domain.lift"),
    ],
    "/admin/servers/mode": [
        ("/admin/servers/mode", {"mode": "allow-list"}, "federation.mode"),
        ("/admin/servers/mode", {"mode": "open"}, "federation.mode"),
    ],
}


def test_every_form_of_theirs_says_what_it_leaves() -> None:
    assert {route.path for route in ROUTES if route.who == "admin" and route.method == "POST"} == set(ACTS)


@pytest.mark.parametrize("path", sorted(ACTS))
async def test_what_is_done_on_a_page_is_written_down(exhibition: Exhibition, visitor: Visitor, path: str) -> None:
    await exhibition.person("alice", admin=True)
    await exhibition.person("bob")
    carol = await exhibition.stranger("carol")
    number, _ = await complain(exhibition, "rude words")
    await visitor.enter("alice")
    token = read_forms((await visitor.get("/admin/servers")).text)["/admin/servers"]["token"]

    for address, form, _ in ACTS[path]:
        fields = {**form, "token": token}
        page = await visitor.post(
            address.format(carol=carol.id, report=number), fields, {"Sec-Fetch-Site": "same-origin"}
        )
        assert page.status == 303, page.text

    async with exhibition.services.database.read() as reader:
        acts = await audit.list_acts(reader, limit=10)
    assert [(one.by, one.act) for one in reversed(acts)] == [("@alice", act) for _, _, act in ACTS[path]]
