import time
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.discovery import (
    HOST_META_BYTES,
    Acct,
    Uri,
    host_meta,
    nodeinfo,
    nodeinfo_index,
    parse_handle,
    read_host_meta,
    read_resource,
    webfinger,
)
from activitypub.errors import Malformed
from activitypub.reading import read_webfinger

DOMAIN, ORIGIN = "pinxit.example", "https://web.pinxit.example"
ANNA = f"{ORIGIN}/users/anna"
PAGE = f"{ORIGIN}/@anna"
JRD = webfinger(
    "anna@pinxit.example", actor_uri=ANNA, profile_url=PAGE, subscribe_template=f"{ORIGIN}/follow?uri={{uri}}"
)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("acct:anna@pinxit.example", Acct("anna")),
        ("acct:Anna@PINXIT.example", Acct("anna")),
        ("ACCT:anna@web.pinxit.example", Acct("anna")),
        ("acct:@anna@pinxit.example", Acct("anna")),
        ("acct:pinxit.example@pinxit.example", Acct("pinxit.example")),
        (ANNA, Uri(ANNA)),
        (PAGE, Uri(PAGE)),
        ("acct:anna@other.example", None),
        ("https://other.example/users/anna", None),
        ("mailto:anna@pinxit.example", None),
        ("http://web.pinxit.example/users/anna", None),
        ("https://", None),
    ],
)
def test_s210_s212_s221_resources_are_ours_or_nobodys(text, asked):
    assert read_resource(text, DOMAIN, ORIGIN) == asked


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "anna",
        "anna@pinxit.example",
        "acct:",
        "acct:anna",
        "acct:@pinxit.example",
        "acct:a b@pinxit.example",
        "=x",
        "acct:a@b@c",
        "x:" + "y" * 3000,
    ],
)
def test_s211_malformed_resources_are_told_apart_from_unknown_ones(text):
    with pytest.raises(Malformed):
        read_resource(text, DOMAIN, ORIGIN)


def test_s218_s219_answer_names_subject_aliases_and_exactly_one_actor():
    assert JRD["subject"] == "acct:anna@pinxit.example"
    assert JRD["aliases"] == [PAGE, ANNA]
    selves = [link for link in JRD["links"] if link["rel"] == "self"]
    assert selves == [{"rel": "self", "type": "application/activity+json", "href": ANNA}]
    assert read_webfinger(JRD, expected="anna@pinxit.example").actor_uri == ANNA


def test_s217_rel_filters_links_and_keeps_the_subject():
    answer = webfinger(
        "a@b.example", actor_uri=ANNA, profile_url=PAGE, subscribe_template=None, rels=("self", "unknown")
    )
    assert [link["rel"] for link in answer["links"]] == ["self"]
    assert answer["subject"] == "acct:a@b.example"


def test_instance_actor_needs_no_page():
    answer = webfinger("i@b.example", actor_uri=ANNA, profile_url=None, subscribe_template=None)
    assert (answer["aliases"], len(answer["links"])) == ([ANNA], 1)


def test_s225_host_meta_leads_to_webfinger():
    (link,) = ElementTree.fromstring(host_meta(ORIGIN))
    assert link.attrib["template"] == f"{ORIGIN}/.well-known/webfinger?resource={{uri}}"


def test_s227_both_versions_of_nodeinfo_are_listed():
    links = nodeinfo_index(ORIGIN, ANNA)["links"]
    assert [link["href"] for link in links] == [f"{ORIGIN}/nodeinfo/2.1", f"{ORIGIN}/nodeinfo/2.0", ANNA]


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_s228_to_s235_nodeinfo_has_its_parts_and_no_others(version):
    document = nodeinfo(
        version,
        software_version="1.0",
        users={"total": 2, "odd": 1},
        posts=5,
        open_registrations=False,
        metadata={"a": 1},
    )
    assert document.keys() == {
        "version", "software", "protocols", "services", "openRegistrations", "usage", "metadata",
    }  # fmt: skip
    assert document["version"] == version
    assert document["protocols"] == ["activitypub"]
    assert document["usage"] == {"users": {"total": 2}, "localPosts": 5}
    assert ("repository" in document["software"]) is (version == "2.1")


def test_s233_unknown_numbers_are_left_out():
    document = nodeinfo("2.1", software_version="1", users={}, posts=None, open_registrations=True, metadata={})
    assert document["usage"] == {"users": {}}


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("@anna@Pinxit.Example", ("anna", "pinxit.example")),
        ("anna@pinxit.example", ("anna", "pinxit.example")),
        ("acct:anna.b-c_d@localhost:8080", ("anna.b-c_d", "localhost:8080")),
        ("Anna@bücher.example", ("Anna", "xn--bcher-kva.example")),
    ],
)
def test_handles_are_read(text, handle):
    assert parse_handle(text) == handle


@given(st.text())
def test_any_text_is_a_handle_or_malformed(text):
    for candidate in (text, f"a@{text}", f"{text}@b.example"):
        try:
            name, host = parse_handle(candidate)
        except Malformed:
            continue
        assert name and parse_handle(f"{name}@{host}") == (name, host)


TEMPLATE = "https://social.example/.well-known/webfinger?resource={uri}"


@pytest.mark.parametrize(
    "document",
    [
        host_meta("https://social.example"),
        f"<XRD><Link rel='lrdd' template='{TEMPLATE}'/></XRD>",
        f'<hm:XRD xmlns:hm="x"><hm:Link template="{TEMPLATE}" type="application/json" rel="lrdd"></hm:Link></hm:XRD>',
        f'<Link rel="other" template="https://other.example/{{uri}}"/>\n<Link\n rel="lrdd"\n template="{TEMPLATE}"/>',
        f'<!-- <Link rel="lrdd" template="https://old.example/{{uri}}"/> --><Link rel="lrdd" template="{TEMPLATE}"/>',
    ],
)
def test_s225_host_meta_says_where_webfinger_lies(document):
    assert read_host_meta(document.encode()) == TEMPLATE


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<XRD></XRD>",
        b'<Link rel="lrdd" template="https://social.example/no-place"/>',
        b'<Link rel="lrdd" template="javascript:{uri}"/>',
        b'<Link rel="lrdd" template="https://user@social.example/{uri}"/>',
        b'<!-- <Link rel="lrdd" template="https://social.example/{uri}"/>',
        '<Link rel="lrdd" template="https://social.example/{uri}"/>'.encode("utf-16"),
        b'<!DOCTYPE x [<!ENTITY a "https://social.example/{uri}">]><Link rel="lrdd" template="&a;"/>',
        b" " * HOST_META_BYTES + b'<Link rel="lrdd" template="https://social.example/{uri}"/>',
    ],
)
def test_h_a_host_meta_that_says_nothing_usable_says_nothing(document):
    assert read_host_meta(document) is None


@pytest.mark.parametrize("part", [b"<!--", b"<Link ", b"<Link rel=", b"&amp;", b"<Link rel='lrdd' template='{uri}"])
def test_h_reading_host_meta_takes_no_longer_for_being_built_badly(part):
    began = time.perf_counter()
    read_host_meta(part * (2 * HOST_META_BYTES // len(part)))
    assert time.perf_counter() - began < 0.5
