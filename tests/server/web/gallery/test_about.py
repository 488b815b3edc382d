import msgspec

from server.store import settings
from tests.server.web.exhibition import Exhibition, Visitor


async def test_rules_models_and_licences_are_listed(exhibition: Exhibition, visitor: Visitor) -> None:
    models = [{"name": "sdxl", "label": "SDXL", "engine": "diffusers", "license": "openrail++"}]
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.MODELS, msgspec.json.encode(models).decode())
    page = (await visitor.get("/about")).text
    for words in ("Rules of the house", "SDXL", "openrail++", "How to filter us", "#AIGenerated", "pinxit.example"):
        assert words in page


async def test_gatherers_for_training_are_asked_to_stay_away(visitor: Visitor) -> None:
    page = await visitor.get("/robots.txt")
    assert page.headers["Content-Type"].startswith("text/plain")
    assert "User-agent: GPTBot" in page.text
