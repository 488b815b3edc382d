"""The page of models: for whoever runs the instance, from its first day."""

import msgspec
import pytest
from sqlalchemy import update

from generator.machine import Machine
from generator.offers import make_offers
from server.store import settings
from server.store.people.accounts import accounts
from server.store.people.actors import Actor
from server.web.making.models import Model
from tests.server.web.exhibition import Exhibition, Visitor

BY_RULES = Model("drawing", drawn_by_rules=True)
SMALL = Model("starter", label="Starter", engine="diffusers", vocabulary=("boat",))
LARGE = Model("sdxl", label="SDXL", engine="diffusers")
GPU = Machine("cuda", "Some GPU", 24.0, 100.0)


async def make_admin(exhibition: Exhibition) -> Actor:
    alice = await exhibition.person("alice")
    async with exhibition.services.database.write() as tx:
        await tx.run(update(accounts).where(accounts.c.actor_id == alice.id).values(role="admin"))
    return alice


async def test_a_fresh_instance_offers_models_with_size_licence_and_seconds(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    await make_admin(exhibition)
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.OFFERS, msgspec.json.encode(make_offers(GPU)).decode())
    await visitor.log_in("alice")

    page = (await visitor.get("/models")).text

    for words in ("Z-Image Turbo", "Apache-2.0", "20.5 GB", "about 10 s", "pinxit model add", "Some GPU"):
        assert words in page, words


async def test_the_first_pages_of_whoever_runs_it_lead_there(exhibition: Exhibition, visitor: Visitor) -> None:
    await make_admin(exhibition)
    await visitor.log_in("alice")
    assert 'href="/models"' in (await visitor.get("/")).text
    assert 'href="/models"' in (await visitor.get("/create")).text


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ([BY_RULES], "This instance draws by rules"),
        ([BY_RULES, SMALL], "So far Starter paints here: small"),
        ([BY_RULES, SMALL, LARGE], "SDXL paints here unless"),
    ],
)
async def test_the_page_says_what_kind_of_model_paints(
    models: list[Model], said: str, exhibition: Exhibition, visitor: Visitor
) -> None:
    await make_admin(exhibition)
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.MODELS, msgspec.json.encode(models[::-1]).decode())
    await visitor.log_in("alice")
    assert said in (await visitor.get("/models")).text
    assert ("Nothing here paints from free text" in (await visitor.get("/create")).text) == (LARGE not in models)


async def test_before_the_machine_was_measured_the_page_says_so(exhibition: Exhibition, visitor: Visitor) -> None:
    await make_admin(exhibition)
    await visitor.log_in("alice")
    assert "has not been measured yet" in (await visitor.get("/models")).text


async def test_others_are_not_led_there_nor_let_in(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("bob")
    await visitor.log_in("bob")
    assert "/models" not in (await visitor.get("/create")).text
    assert (await visitor.get("/models")).status == 403
