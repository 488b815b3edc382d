import msgspec
import pytest

from server.store import settings
from server.store.people import accounts
from server.store.writing import generations
from server.store.writing.generations import Generation
from server.web.making.models import Model
from tests.server.web.exhibition import Exhibition, Visitor

MODELS = [
    {
        "name": "drawing",
        "label": "Drawing",
        "engine": "drawing",
        "sizes": [[768, 512], [512, 512]],
        "drawn_by_rules": True,
    },
    {
        "name": "sdxl",
        "engine": "diffusers",
        "license": "openrail++",
        "sizes": [[1024, 1024]],
        "has_negative": True,
        "max_steps": 50,
        "default_steps": 30,
        "default_guidance": 7.0,
        "max_guidance": 20.0,
    },
]


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await visitor.enter("alice")
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.MODELS, msgspec.json.encode(MODELS).decode())


async def newest(exhibition: Exhibition) -> Generation:
    async with exhibition.services.database.read() as reader:
        account = await accounts.find_by_username(reader, "alice")
        assert account is not None
        return (await generations.list_of_actor(reader, account.actor_id, limit=1))[0]


async def test_a_wish_goes_into_the_queue_and_its_page_opens(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get("/create")
    answer = await visitor.submit(
        "/create",
        **{"prompt": "a red boat", "model": "sdxl", "negative:sdxl": "people", "steps:sdxl": "12", "seed": "7"},
        caption="Mine",
        alt="A boat",
        summary="Waves",
        visibility="followers",
        draft="yes",
    )
    wish = await newest(exhibition)
    assert answer.location == f"/create/{wish.id}"
    assert (wish.prompt, wish.negative, wish.seed, wish.steps, wish.model) == ("a red boat", "people", 7, 12, "sdxl")
    assert (wish.width, wish.height, wish.visibility, wish.draft) == (1024, 1024, "followers", True)
    assert (wish.caption, wish.alt, wish.summary, wish.sensitive) == ("Mine", "A boat", "Waves", True)


async def test_who_may_answer_and_quote_is_chosen_for_one_picture(exhibition: Exhibition, visitor: Visitor) -> None:
    page = await visitor.get("/create")
    assert 'name="reply_policy" value="public" checked' in page.text
    await visitor.submit("/create", prompt="a boat", model="drawing", reply_policy="manual", quote_policy="nobody")
    wish = await newest(exhibition)
    assert (wish.reply_policy, wish.quote_policy) == ("manual", "nobody")
    page = await visitor.get(f"/create?from={wish.id}")
    assert 'name="reply_policy" value="manual" checked' in page.text
    refused = await visitor.submit("/create", prompt="a boat", model="drawing", reply_policy="friends")
    assert refused.status == 422


async def test_what_is_left_out_takes_the_quiet_defaults(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get("/create")
    await visitor.submit("/create", prompt="a boat", model="drawing")
    wish = await newest(exhibition)
    assert (wish.visibility, wish.draft, wish.width, wish.height, wish.negative) == ("unlisted", False, 768, 512, None)


async def test_a_model_is_said_to_know_few_words_or_all(exhibition: Exhibition, visitor: Visitor) -> None:
    assert "paints from free text" in (await visitor.get("/create")).text
    small = {"name": "starter", "engine": "diffusers", "sizes": [[256, 256]], "vocabulary": ["boat"], "min_steps": 2}
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.MODELS, msgspec.json.encode([small | {"max_steps": 50}]).decode())
    page = (await visitor.get("/create")).text
    assert "paints from the words it knows" in page and "free text" not in page
    assert 'min="2" max="50"' in page


async def test_of_a_model_that_has_not_told_yet_no_size_is_guessed(exhibition: Exhibition, visitor: Visitor) -> None:
    untold = Model("sdxl", engine="diffusers", sizes=(), is_told=False)
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.MODELS, msgspec.json.encode([untold]).decode())
    page = (await visitor.get("/create")).text
    assert "free text" not in page and "768" not in page
    await visitor.submit("/create", prompt="a boat", model="sdxl")
    wish = await newest(exhibition)
    assert (wish.model, wish.width, wish.height) == ("sdxl", None, None)


async def test_only_a_model_that_can_leave_things_out_is_asked_to(exhibition: Exhibition, visitor: Visitor) -> None:
    page = (await visitor.get("/create")).text
    assert 'name="negative:sdxl"' in page and 'name="negative:drawing"' not in page
    await visitor.submit("/create", **{"prompt": "a boat", "model": "drawing", "negative:drawing": "people"})
    assert (await newest(exhibition)).negative is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("prompt", "  ", "Say what is to be painted"),
        ("prompt", "x" * 5000, "may have 4000 characters"),
        ("prompt", "bell \x07", "Control characters"),
        ("seed", "seven", "not a whole number"),
        ("seed", "99999999999", "A seed is a number"),
        ("model", "other", "no such model"),
        ("size:drawing", "9999x9999", "does not paint that size"),
        ("visibility", "everybody", "no such visibility"),
    ],
)
async def test_a_wish_that_cannot_be_is_shown_again_with_the_reason(
    visitor: Visitor, field: str, value: str, words: str
) -> None:
    await visitor.get("/create")
    fields = {"prompt": "a boat", "model": "drawing", "caption": "my caption"} | {field: value}
    page = await visitor.submit("/create", **fields)
    assert page.status == 422
    assert words in page.text and "my caption" in page.text


async def test_too_many_wishes_have_to_wait(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get("/create")
    for _ in range(exhibition.site.config.generation.waiting_per_account):
        await visitor.submit("/create", prompt="a boat", model="drawing")
    refused = await visitor.submit("/create", prompt="a boat", model="drawing")
    assert refused.status == 429 and refused.headers["Retry-After"]


async def test_a_picture_of_mine_can_be_used_again(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.get("/create")
    await visitor.submit("/create", prompt="a boat", model="sdxl", seed="7")
    wish = await newest(exhibition)
    page = (await visitor.get(f"/create?from={wish.id}")).text
    assert "a boat</textarea>" in page and 'value="7"' in page and 'value="sdxl" checked' in page


async def test_the_wishes_of_others_stay_theirs(exhibition: Exhibition, visitor: Visitor) -> None:
    wish = await exhibition.wish(await exhibition.person("bob"), "a secret boat", draft=True)
    await exhibition.paint(wish)
    assert (await visitor.get(f"/create?from={wish.id}")).status == 404
    for path in ("", "/events", "/preview"):
        assert (await visitor.get(f"/create/{wish.id}{path}")).status == 404
    await visitor.get("/create")
    token = visitor.page.text.partition('name="token" value="')[2].partition('"')[0]
    for verb in ("cancel", "publish"):
        assert (await visitor.post(f"/create/{wish.id}/{verb}", {"token": token})).status == 404
    assert "secret" not in (await visitor.get("/create")).text


async def test_before_the_generator_has_spoken_the_configured_models_are_offered(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    async with exhibition.services.database.write() as tx:
        await settings.put(tx, settings.MODELS, "[]")
    assert "Drawing by rules" in (await visitor.get("/create")).text
