"""The one configuration object: TOML, then environment, checked at start. It must not open anything but its file."""

import difflib
import os
import re
import tomllib
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

CONFIG_NAME = "pinxit.toml"
ENVIRONMENT_PREFIX = "PINXIT_"
# Variables of the command line itself, not keys of the file.
RESERVED_VARIABLES = {"PINXIT_DIR"}

# None of these can be zero: a pool without connections, a worker without places and a time of no seconds stand still.
Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Quota = Annotated[int, msgspec.Meta(ge=0)]
Quality = Annotated[int, msgspec.Meta(ge=1, le=100)]
# Beyond this the web process would hold too much of strangers' bytes; the door has the same bound.
UploadBytes = Annotated[int, msgspec.Meta(ge=1, le=41_943_040)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
# As people type it, without its sign: what others do not take for a hashtag cannot be filtered.
Hashtag = Annotated[str, msgspec.Meta(pattern=r"^(\w*[^\W\d]\w*)?$")]
# Other scripts in their ASCII form (xn--…), as they stand in addresses.
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?")


class ConfigError(Exception):
    """The configuration cannot be used; the message says which key and why."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file."""


class SiteConfig(Section, frozen=True):
    """Who we are. `domain` may carry a port only on loopback."""

    domain: str = "localhost"
    name: str = "Pinxit"
    description: str = "Pictures painted from prompts."
    contact: str = ""


class WebConfig(Section, frozen=True):
    """Where the web process listens."""

    host: str = "127.0.0.1"
    port: Port = 8080


class DatabaseConfig(Section, frozen=True):
    """The embedded database; a relative path is inside the instance's folder."""

    path: str = "pinxit.db"
    readers: Count = 4


class MediaConfig(Section, frozen=True):
    """Where picture files lie: a folder, or a URL that obstore knows (`s3://bucket/prefix`)."""

    storage: str = "media"
    jpeg_quality: Quality = 90
    webp_quality: Quality = 82
    max_upload_bytes: UploadBytes = 16_777_216
    max_upload_pixels: Count = 50_000_000
    uploads_at_once: Count = 2
    peer_file_bytes: UploadBytes = 16_777_216
    peer_files_at_once: Count = 2
    peer_cache_bytes: Count = 5_368_709_120
    peer_cache_days: Count = 30


class FederationConfig(Section, frozen=True):
    """How we speak with peers. The two `allow` keys are for tests on one machine."""

    allow_http: bool = False
    allow_private_addresses: bool = False
    authorised_fetch: bool = False
    deliveries_at_once: Count = 25
    connect_seconds: Seconds = 5.0
    total_seconds: Seconds = 30.0
    max_document_bytes: Count = 1_048_576
    max_inbox_bytes: Count = 1_048_576
    actor_fresh_seconds: Count = 86_400
    refused_per_address: Count = 600
    received_per_host: Count = 3_000
    received_per_actor: Count = 600
    received_waiting_at_most: Count = 100_000
    asked_per_address: Count = 1_200
    recent_posts_at_most: Quota = 20
    thread_posts_at_most: Count = 100
    thread_requests_at_most: Count = 200


class ModelConfig(Section, frozen=True):
    """A model that the generator may load."""

    name: str
    engine: Literal["drawing", "diffusers"]
    path: str = ""
    device: str = "auto"
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"


DRAWING = ModelConfig(name="drawing", engine="drawing")


class GenerationConfig(Section, frozen=True):
    """What paints. `models` are those that the operator named, or the bundled one; `every_model` has drawing, too."""

    default_model: str = ""
    models: tuple[ModelConfig, ...] = ()
    previews: bool = True
    waiting_per_account: Count = 20
    seconds_at_most: Count = 1800

    @property
    def every_model(self) -> tuple[ModelConfig, ...]:
        """All models that can paint here: the drawing engine is always among them."""
        if any(model.engine == "drawing" for model in self.models):
            return self.models
        return (*self.models, DRAWING)


class PostingConfig(Section, frozen=True):
    """How a picture is posted: the defaults of a good neighbour."""

    visibility: Literal["public", "unlisted", "followers"] = "unlisted"
    hashtag: Hashtag = "AIGenerated"
    show_prompt: bool = True


class CommissionsConfig(Section, frozen=True):
    """Pictures for people of other servers, who ask by naming the studio actor in a post."""

    policy: Literal["off", "followers", "anyone"] = "off"
    actor: str = "studio"
    per_account_per_day: Quota = 5
    per_host_per_day: Quota = 50
    waiting_at_most: Quota = 20


class AccountsConfig(Section, frozen=True):
    """Who may have an account."""

    registrations: Literal["closed"] = "closed"
    session_days: Count = 30


class OAuthConfig(Section, frozen=True):
    """How long programs are let in, and how many may ask to be."""

    access_token_seconds: Count = 86_400
    refresh_token_days: Count = 60
    registrations_per_address: Count = 20


class JobsConfig(Section, frozen=True):
    """The workers."""

    at_once: Count = 32
    lease_seconds: Count = 60


class KeepingConfig(Section, frozen=True):
    """How long what nobody here needs any more is kept; never what our own people made."""

    stranger_post_days: Count = 30
    stranger_profile_days: Count = 90
    activity_days: Count = 30
    delivery_days: Count = 30
    notifications_per_person: Count = 4_000


class LogConfig(Section, frozen=True):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["line", "json"] = "line"


class Config(Section, frozen=True):
    """Everything an operator can say. `folder` is where the instance lives; it is not a key of the file."""

    site: SiteConfig = SiteConfig()
    web: WebConfig = WebConfig()
    database: DatabaseConfig = DatabaseConfig()
    media: MediaConfig = MediaConfig()
    federation: FederationConfig = FederationConfig()
    generation: GenerationConfig = GenerationConfig()
    posting: PostingConfig = PostingConfig()
    commissions: CommissionsConfig = CommissionsConfig()
    accounts: AccountsConfig = AccountsConfig()
    oauth: OAuthConfig = OAuthConfig()
    jobs: JobsConfig = JobsConfig()
    keeping: KeepingConfig = KeepingConfig()
    log: LogConfig = LogConfig()


def load(folder: Path, environment: Mapping[str, str] | None = None, *, bundled: ModelConfig | None = None) -> Config:
    """Read `pinxit.toml` in `folder` and the environment over it; `bundled` is the model that this machine has anyway.

    Raises:
        ConfigError: the file is missing or unreadable, or a key or a value is not known.
    """
    path = folder / CONFIG_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path} is not there; 'pinxit init' makes it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    return parse(text, os.environ if environment is None else environment, source=str(path), bundled=bundled)


def parse(text: str, environment: Mapping[str, str], *, source: str, bundled: ModelConfig | None = None) -> Config:
    """Read TOML with `environment` over it; `source` is where it stands.

    Raises:
        ConfigError: it is no TOML, or a key or a value is not known.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: {error}") from None
    return read(document, environment, source=source, bundled=bundled)


def read(
    document: dict[str, Any], environment: Mapping[str, str], *, source: str, bundled: ModelConfig | None = None
) -> Config:
    """Check `document` with `environment` over it and return the frozen object.

    Raises:
        ConfigError: a key or a value is not known; names the nearest known key.
    """
    _check_keys(document, Config, source, ())
    for name, value in sorted(environment.items()):
        if name.startswith(ENVIRONMENT_PREFIX) and name not in RESERVED_VARIABLES:
            _override(document, name, value)
    try:
        config = msgspec.convert(document, Config, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{source}: {error}") from None
    if bundled is not None:
        config = msgspec.structs.replace(config, generation=_with_bundled(config.generation, bundled))
    _check_meaning(config, source)
    return config


def _with_bundled(generation: GenerationConfig, bundled: ModelConfig) -> GenerationConfig:
    """Let the bundled model paint where it is the default or no model is named; where it is named say where it lies."""
    found = [
        msgspec.structs.replace(one, path=bundled.path) if _is_bundled(one, bundled) else one
        for one in generation.models
    ]
    is_wanted = not found or generation.default_model == bundled.name
    if is_wanted and all(one.name != bundled.name for one in found):
        found.append(bundled)
    return msgspec.structs.replace(generation, models=tuple(found))


def _is_bundled(named: ModelConfig, bundled: ModelConfig) -> bool:
    return (named.name, named.engine, named.path) == (bundled.name, bundled.engine, "")


def _check_keys(document: Mapping[str, Any], section: type[Section], source: str, path: tuple[str, ...]) -> None:
    fields = {field.name: field.type for field in msgspec.structs.fields(section)}
    for key, value in document.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"; did you mean {'.'.join((*path, near[0]))}?" if near else f"; known: {', '.join(fields)}"
            raise ConfigError(f"{source}: unknown key {'.'.join((*path, key))}{hint}")
        kind = fields[key]
        if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, Section):
            _check_keys(value, kind, source, (*path, key))
        if isinstance(value, list):
            inner = next((arg for arg in get_args(kind) if isinstance(arg, type) and issubclass(arg, Section)), None)
            for item in value:
                if inner and isinstance(item, dict):
                    _check_keys(item, inner, source, (*path, key))


def _override(document: dict[str, Any], name: str, value: str) -> None:
    """Apply `PINXIT_SITE__NAME=…`: section, two underscores, key."""
    section_name, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
    sections = {field.name: field.type for field in msgspec.structs.fields(Config)}
    kind = sections.get(section_name)
    keys = {field.name: field.type for field in msgspec.structs.fields(kind)} if kind else {}
    if key not in keys:
        near = difflib.get_close_matches(f"{section_name}__{key}", _variable_names(), n=1)
        hint = f"; did you mean {ENVIRONMENT_PREFIX}{near[0].upper()}?" if near else ""
        raise ConfigError(f"unknown environment variable {name}{hint}")
    document.setdefault(section_name, {})[key] = _read_value(name, value, keys[key])


def _read_value(name: str, value: str, kind: Any) -> Any:
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if kind is str or (isinstance(kind, types.GenericAlias) is False and get_args(kind)):
        return value
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        raise ConfigError(f"{name}: {value!r} is not a TOML value") from None


def _variable_names() -> list[str]:
    return [
        f"{section.name}__{field.name}"
        for section in msgspec.structs.fields(Config)
        for field in msgspec.structs.fields(section.type)
    ]


def _check_meaning(config: Config, source: str) -> None:
    domain = config.site.domain
    if not _DOMAIN.fullmatch(domain):
        raise ConfigError(
            f"{source}: site.domain must be a lower-case host name without scheme or path, not {domain!r}"
        )
    if ":" in domain and not config.federation.allow_http:
        raise ConfigError(f"{source}: site.domain carries a port, which only federation.allow_http = true permits")
    if config.federation.allow_http and not config.federation.allow_private_addresses:
        raise ConfigError(f"{source}: federation.allow_http needs federation.allow_private_addresses (tests only)")
    names = [model.name for model in config.generation.every_model]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ConfigError(f"{source}: two of the models that paint have the same name, {doubled[0]!r}")
    if config.generation.default_model and config.generation.default_model not in names:
        raise ConfigError(
            f"{source}: generation.default_model {config.generation.default_model!r} is not among the models: "
            + ", ".join(names)
        )
