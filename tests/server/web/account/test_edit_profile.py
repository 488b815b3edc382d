"""The page on which somebody says who they are, and what others see of it then."""

import io
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from quart.datastructures import FileStorage

from server.actions.people.profile import mark_verified
from server.app import FORM_BYTES_AT_MOST, create_app
from server.store.people import actors
from server.store.people.actors import Actor
from server.web.account.edit_profile import PAGE
from tests.server.web.exhibition import Exhibition, Page, QuietPeers, Visitor, open_exhibition, read_forms


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await visitor.enter("alice")


def picture(size: tuple[int, int] = (600, 500), form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(buffer, form)
    return buffer.getvalue()


def wide() -> bytes:
    """Few bytes that unfold to more pixels than are taken."""
    buffer = io.BytesIO()
    Image.new("1", (8000, 8000)).save(buffer, "PNG")
    return buffer.getvalue()


async def put_up(visitor: Visitor, **files: bytes) -> Page:
    """Send the form of pictures; a file input that was left alone sends an empty part, as browsers do."""
    token = read_forms((await visitor.get(PAGE)).text)[f"{PAGE}/pictures"]["token"]
    parts = {
        name: FileStorage(io.BytesIO(files.get(name, b"")), filename=f"{name}.png" if name in files else "")
        for name in ("avatar", "header")
    }
    answer = await visitor.client.post(
        f"{PAGE}/pictures",
        form={"token": token},
        files=parts,
        headers={"Sec-Fetch-Site": "same-origin"},
        scheme=visitor.scheme,
    )
    return Page(answer.status_code, await answer.get_data(as_text=True), answer.headers)


async def find_alice(exhibition: Exhibition) -> Actor:
    async with exhibition.services.database.read() as reader:
        found = await actors.find_by_uri(reader, exhibition.site.actor_uri("alice"))
    assert found is not None
    return found


async def test_words_and_switches_are_shown_to_others_and_in_the_form_again(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    await visitor.get(PAGE)

    saved = await visitor.submit(PAGE, name="Alice Painter", note="I paint #boats\nand seas", locked="yes", bot="yes")

    assert saved.location == f"{PAGE}?saved"
    alice = await find_alice(exhibition)
    assert (alice.name, alice.locked, alice.bot, alice.hides_collections) == ("Alice Painter", True, True, False)
    assert "Alice Painter" in (await visitor.get("/@alice")).text
    page = (await visitor.get(saved.location)).text
    assert "Saved." in page
    form = read_forms(page)[PAGE]
    assert (form["name"], form["note"], form["locked"]) == ("Alice Painter", "I paint #boats\nand seas", "yes")


async def test_a_switch_that_is_off_is_off(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get(PAGE)
    await visitor.submit(PAGE, discoverable="yes", indexable="yes", hides_collections="yes")
    alice = await find_alice(exhibition)
    assert (alice.discoverable, alice.indexable, alice.hides_collections) == (True, True, True)

    token = read_forms((await visitor.get(PAGE)).text)[PAGE]["token"]
    await visitor.post(PAGE, {"token": token}, {"Sec-Fetch-Site": "same-origin"})

    alice = await find_alice(exhibition)
    assert (alice.discoverable, alice.indexable, alice.hides_collections) == (False, False, False)


async def test_lines_stay_as_written_and_a_proven_link_is_marked(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get(PAGE)
    link = {"line_name_0": "Site", "line_value_0": "https://alice.example/"}
    await visitor.submit(PAGE, **link, line_name_2="Brush", line_value_2="2")
    page = (await visitor.get(PAGE)).text
    assert "That page links back here" not in page
    form = read_forms(page)[PAGE]
    assert [form[f"line_name_{number}"] for number in range(4)] == ["Site", "Brush", "", ""]
    alice = await find_alice(exhibition)
    async with exhibition.services.database.write() as tx:
        await mark_verified(tx, exhibition.site, alice.id, [alice.profile_fields[0].value_html])

    page = (await visitor.get(PAGE)).text

    assert page.count("That page links back here") == 2
    assert read_forms(page)[PAGE]["line_value_0"] == "https://alice.example/"
    assert 'class="proven"' in (await visitor.get("/@alice")).text


async def test_lines_that_nobody_wrote_here_are_shown_as_text(exhibition: Exhibition, visitor: Visitor) -> None:
    fields = '[{"name": "Site", "value_html": "<a href=\\"https://a.example\\">https://a.example</a>"}]'
    async with exhibition.services.database.write() as tx:
        alice = await actors.find_by_uri(tx, exhibition.site.actor_uri("alice"))
        assert alice is not None
        await actors.replace(tx, replace(alice, fields=fields))

    assert read_forms((await visitor.get(PAGE)).text)[PAGE]["line_value_0"] == "https://a.example"


async def test_what_is_too_long_is_said_and_stays_in_the_form(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get(PAGE)

    page = await visitor.submit(PAGE, name="A" * 31, note="Mine")

    assert page.status == 422 and "A name may have 30 characters." in page.text
    assert (read_forms(page.text)[PAGE]["note"], (await find_alice(exhibition)).name) == ("Mine", None)


async def test_two_pictures_go_up_cut_and_are_shown(exhibition: Exhibition, visitor: Visitor) -> None:
    assert (await put_up(visitor, avatar=picture(), header=picture((900, 900), "JPEG"))).location == f"{PAGE}?saved"

    alice = await find_alice(exhibition)
    shown = (await visitor.get("/@alice")).text
    for address, size in ((alice.icon_url, (400, 400)), (alice.image_url, (1500, 500))):
        key = exhibition.site.media_key(address or "")
        assert key is not None and f'src="{address}"' in shown
        with Image.open(io.BytesIO(await exhibition.services.storage.read(key))) as stored:
            assert stored.size == size


async def test_one_picture_leaves_the_other_and_each_can_be_removed(exhibition: Exhibition, visitor: Visitor) -> None:
    await put_up(visitor, avatar=picture())
    first = await find_alice(exhibition)
    await put_up(visitor, header=picture())
    both = await find_alice(exhibition)
    assert first.image_url is None and both.icon_url == first.icon_url and both.image_url is not None

    await visitor.get(PAGE)
    await visitor.submit(f"{PAGE}/avatar/remove")
    assert ((await find_alice(exhibition)).icon_url, (await find_alice(exhibition)).image_url) == (None, both.image_url)
    await visitor.submit(f"{PAGE}/header/remove")
    assert (await find_alice(exhibition)).image_url is None
    assert f"{PAGE}/header/remove" not in read_forms((await visitor.get(PAGE)).text)


@pytest.mark.parametrize(("data", "status"), [(b"<svg/>", 415), (picture()[:200], 422), (wide(), 413)])
async def test_what_is_no_picture_is_refused_on_the_page(
    exhibition: Exhibition, visitor: Visitor, data: bytes, status: int
) -> None:
    page = await put_up(visitor, avatar=data)

    assert page.status == status
    assert '<p class="problem" role="alert">' in page.text
    assert (await find_alice(exhibition)).icon_url is None


async def test_no_picture_at_all_is_said(visitor: Visitor) -> None:
    page = await put_up(visitor)
    assert page.status == 422 and "Choose a picture first." in page.text


async def test_only_the_form_of_pictures_may_be_large(visitor: Visitor) -> None:
    token = read_forms((await visitor.get(PAGE)).text)[PAGE]["token"]
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Length": "300000"}
    assert (await visitor.post(PAGE, {"token": token}, headers)).status == 413


async def test_the_whole_program_takes_a_picture_of_megabytes(tmp_path: Path) -> None:
    large = io.BytesIO()
    Image.frombytes("RGB", (900, 900), Random(1).randbytes(900 * 900 * 3)).save(large, "PNG")
    assert large.tell() > FORM_BYTES_AT_MOST
    (tmp_path / "whole").mkdir()
    async with open_exhibition(tmp_path / "whole", QuietPeers(), build=create_app) as whole:
        await whole.person("alice")
        visitor = Visitor(whole)
        await visitor.enter("alice")

        assert (await put_up(visitor, avatar=large.getvalue())).status == 303

        assert (await find_alice(whole)).icon_url is not None
