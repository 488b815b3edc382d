from pathlib import Path

import pytest

from server.config import Config, ConfigError, ModelConfig, load, read


def test_an_empty_file_is_the_defaults() -> None:
    assert read({}, {}, source="test") == Config()


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    with pytest.raises(ConfigError, match=r"unknown key site\.nmae; did you mean site\.name\?"):
        read({"site": {"nmae": "x"}}, {}, source="test")


def test_an_unknown_section_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"unknown key zzz; known: site, web"):
        read({"zzz": {}}, {}, source="test")


def test_an_unknown_key_of_a_model_is_found() -> None:
    document = {"generation": {"models": [{"name": "a", "engine": "drawing", "pth": "x"}]}}
    with pytest.raises(ConfigError, match=r"did you mean generation\.models\.path\?"):
        read(document, {}, source="test")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("web", "port", "80"),
        ("federation", "allow_http", 1),
        ("posting", "visibility", "everyone"),
        ("site", "domain", 3),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(section: str, key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=rf"{section}\.{key}"):
        read({section: {key: value}}, {}, source="test")


@pytest.mark.parametrize(
    "domain",
    ["", "https://a.example", "Upper.example", "a.example/path", "a@b.example", " a", "a b", "-a", "ä.example"],
)
def test_a_domain_that_cannot_be_one_is_refused(domain: str) -> None:
    with pytest.raises(ConfigError, match=r"site\.domain"):
        read({"site": {"domain": domain}, "federation": {}}, {}, source="test")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("database", "readers", 0),
        ("media", "jpeg_quality", 101),
        ("federation", "total_seconds", 0),
        ("accounts", "session_days", -1),
        ("posting", "hashtag", "#AI"),
        ("posting", "hashtag", "two words"),
        ("commissions", "waiting_at_most", -1),
    ],
)
def test_a_value_that_would_stop_everything_is_refused_by_name(section: str, key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=rf"{section}\.{key}"):
        read({"site": {"domain": "a.example"}, section: {key: value}}, {}, source="test")


def test_a_number_with_bounds_and_a_hashtag_can_be_given_in_the_environment() -> None:
    environment = {"PINXIT_DATABASE__READERS": "2", "PINXIT_POSTING__HASHTAG": ""}
    config = read({"site": {"domain": "a.example"}}, environment, source="test")
    assert (config.database.readers, config.posting.hashtag) == (2, "")


def test_a_port_in_the_domain_needs_plain_http() -> None:
    with pytest.raises(ConfigError, match="carries a port"):
        read({"site": {"domain": "localhost:9"}}, {}, source="test")


def test_plain_http_without_private_addresses_is_refused() -> None:
    with pytest.raises(ConfigError, match="allow_private_addresses"):
        read({"site": {"domain": "a.example"}, "federation": {"allow_http": True}}, {}, source="test")


def test_the_environment_overrides_the_file() -> None:
    environment = {"PINXIT_SITE__NAME": "Atelier", "PINXIT_WEB__PORT": "9000", "PINXIT_DIR": "/x", "HOME": "/y"}
    config = read({"site": {"domain": "a.example", "name": "Other"}}, environment, source="test")
    assert (config.site.name, config.web.port) == ("Atelier", 9000)


def test_a_word_of_a_fixed_set_needs_no_quotes_in_the_environment() -> None:
    environment = {"PINXIT_POSTING__VISIBILITY": "public"}
    assert read({"site": {"domain": "a.example"}}, environment, source="test").posting.visibility == "public"


@pytest.mark.parametrize("name", ["PINXIT_SITE__NMAE", "PINXIT_NAME", "PINXIT_SITE"])
def test_an_unknown_variable_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown environment variable {name}"):
        read({"site": {"domain": "a.example"}}, {name: "x"}, source="test")


def test_two_models_of_one_name_are_refused() -> None:
    models = [{"name": "a", "engine": "drawing"}, {"name": "a", "engine": "drawing"}]
    with pytest.raises(ConfigError, match="same name"):
        read({"site": {"domain": "a.example"}, "generation": {"models": models}}, {}, source="test")


def test_the_drawing_engine_always_paints_under_one_name() -> None:
    def painters(*models: dict[str, str]) -> list[str]:
        document = {"site": {"domain": "a.example"}, "generation": {"models": list(models)}}
        return [model.name for model in read(document, {}, source="test").generation.every_model]

    assert painters() == ["drawing"]
    assert painters({"name": "sdxl", "engine": "diffusers"}) == ["sdxl", "drawing"]
    assert painters({"name": "rules", "engine": "drawing"}) == ["rules"]
    assert painters({"name": "rules", "engine": "drawing"}, {"name": "drawing", "engine": "diffusers"}) == [
        "rules",
        "drawing",
    ]
    with pytest.raises(ConfigError, match="same name, 'drawing'"):
        painters({"name": "drawing", "engine": "diffusers"})


def test_a_default_model_that_is_not_configured_is_refused() -> None:
    with pytest.raises(ConfigError, match="'big' is not among the models"):
        read({"site": {"domain": "a.example"}, "generation": {"default_model": "big"}}, {}, source="test")


@pytest.mark.parametrize(("engine", "accepted"), [("diffusers", True), ("drawing", False)])
def test_drawing_is_the_default_only_where_it_has_that_name(engine: str, accepted: bool) -> None:
    generation = {"default_model": "drawing", "models": [{"name": "other", "engine": engine}]}
    document = {"site": {"domain": "a.example"}, "generation": generation}
    if accepted:
        assert read(document, {}, source="test").generation.default_model == "drawing"
        return
    with pytest.raises(ConfigError, match="not among the models: other"):
        read(document, {}, source="test")


STARTER = ModelConfig(name="starter", engine="diffusers", path="/lib/starter")


@pytest.mark.parametrize(
    ("generation", "paths"),
    [
        ({}, {"starter": "/lib/starter", "drawing": ""}),
        ({"default_model": "drawing"}, {"starter": "/lib/starter", "drawing": ""}),
        ({"default_model": "starter"}, {"starter": "/lib/starter", "drawing": ""}),
        ({"models": [{"name": "drawing", "engine": "drawing"}]}, {"drawing": ""}),
        (
            {"default_model": "starter", "models": [{"name": "sdxl", "engine": "diffusers", "path": "/sdxl"}]},
            {"sdxl": "/sdxl", "starter": "/lib/starter", "drawing": ""},
        ),
        ({"models": [{"name": "sdxl", "engine": "diffusers", "path": "/sdxl"}]}, {"sdxl": "/sdxl", "drawing": ""}),
        ({"models": [{"name": "starter", "engine": "diffusers"}]}, {"starter": "/lib/starter", "drawing": ""}),
        (
            {"models": [{"name": "starter", "engine": "diffusers", "path": "/mine"}]},
            {"starter": "/mine", "drawing": ""},
        ),
    ],
)
def test_the_bundled_model_paints_where_none_is_named_or_its_name_is(
    generation: dict[str, object], paths: dict[str, str]
) -> None:
    document = {"site": {"domain": "a.example"}, "generation": generation}
    config = read(document, {}, source="test", bundled=STARTER)
    assert {model.name: model.path for model in config.generation.every_model} == paths


def test_a_missing_file_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'pinxit init' makes it"):
        load(tmp_path, {})


def test_a_broken_file_says_where(tmp_path: Path) -> None:
    (tmp_path / "pinxit.toml").write_text("[site\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"pinxit\.toml.*line 1"):
        load(tmp_path, {})
