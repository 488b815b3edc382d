"""How somebody posts and reads, through the door."""

import pytest

from tests.server.mastodon.crowd import Crowd

PATH = "/api/v1/preferences"


async def test_who_chose_nothing_gets_what_the_instance_does(crowd: Crowd) -> None:
    assert (await crowd.app.get(PATH)).json == {
        "posting:default:visibility": crowd.site.config.posting.visibility,
        "posting:default:sensitive": False,
        "posting:default:language": None,
        "posting:default:quote_policy": "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
        "pinxit:paint_word": "/paint",
        "pinxit:reply_policy": "public",
    }


async def test_what_is_chosen_stays_and_the_rest_too(crowd: Crowd) -> None:
    await crowd.app.patch(PATH, json={"posting:default:visibility": "private", "posting:default:language": "de"})
    chosen = (await crowd.app.patch(PATH, {"reading:expand:media": "hide_all", "pinxit:paint_word": "!draw"})).json

    assert (await crowd.app.get(PATH)).json == chosen
    assert (chosen["posting:default:visibility"], chosen["posting:default:language"]) == ("private", "de")
    assert (chosen["reading:expand:media"], chosen["pinxit:paint_word"]) == ("hide_all", "!draw")
    assert (await crowd.bens_app.get(PATH)).json["pinxit:paint_word"] == "/paint"


async def test_the_word_can_be_taken_away(crowd: Crowd) -> None:
    assert (await crowd.app.patch(PATH, json={"pinxit:paint_word": ""})).json["pinxit:paint_word"] is None


@pytest.mark.parametrize(
    "wrong", [{"pinxit:paint_word": "paint me"}, {"reading:expand:media": "some"}, {"posting:default:visibility": "x"}]
)
async def test_what_there_is_not_cannot_be_chosen(crowd: Crowd, wrong: dict[str, str]) -> None:
    assert (await crowd.app.patch(PATH, json=wrong)).status == 422
