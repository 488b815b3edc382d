"""What somebody says of themselves, read and changed: `update_credentials`, and the newer `profile`."""

import msgspec
from quart.datastructures import FileStorage

from server.actions.people.preferences import PreferenceChange, change_preferences
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.people.profile_fields import FieldText
from server.html import plain_text
from server.mastodon.call import Call
from server.mastodon.entities.basics import CredentialAccount
from server.mastodon.entities.people import Profile, ProfileLine
from server.mastodon.route import Route
from server.mastodon.showing.accounts import show_credential_account
from server.mastodon.showing.featured import show_featured
from server.mastodon.words import show_time
from server.media.portrait import AVATAR, HEADER, Shape
from server.store.database import Reader
from server.store.people import actors, preferences
from server.store.people.actors import Actor

# Two pictures, each of what may be uploaded, with the form around them.
BODY_BYTES = 40 * 1024 * 1024
PICTURES = ("avatar", "header")


class Line(msgspec.Struct, kw_only=True):
    """A line of the profile."""

    name: str = ""
    value: str = ""


class SourceFields(msgspec.Struct, kw_only=True):
    """How somebody posts unless they say otherwise."""

    privacy: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: str | None = None


class ProfileFields(msgspec.Struct, kw_only=True):
    """What may change; what is not sent stays."""

    display_name: str | None = None
    note: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    fields_attributes: list[Line] | None = None
    attribution_domains: list[str] | None = None
    source: SourceFields | None = None


async def update_credentials(call: Call, fields: ProfileFields) -> CredentialAccount:
    """Change the profile, and how one posts."""
    me = await _apply(call, fields)
    async with call.database.read() as reader:
        return await show_credential_account(reader, call.site, me, call.my_account)


async def show(call: Call) -> Profile:
    """Return the profile as it was written."""
    async with call.database.read() as reader:
        return await _show(reader, call, call.me)


async def change(call: Call, fields: ProfileFields) -> Profile:
    """Change the profile."""
    me = await _apply(call, fields)
    async with call.database.read() as reader:
        return await _show(reader, call, me)


async def drop_avatar(call: Call) -> CredentialAccount:
    """Take the picture away."""
    return await _drop(call, ProfileChange(drops_icon=True))


async def drop_header(call: Call) -> CredentialAccount:
    """Take the picture at the head of the profile away."""
    return await _drop(call, ProfileChange(drops_image=True))


async def _drop(call: Call, change: ProfileChange) -> CredentialAccount:
    async with call.database.write() as tx:
        me = await change_profile(tx, call.site, call.me, change)
    async with call.database.read() as reader:
        return await show_credential_account(reader, call.site, me, call.my_account)


async def _apply(call: Call, fields: ProfileFields) -> Actor:
    """Take the pictures in, then write everything at once; peers are told of a changed profile only."""
    profile = ProfileChange(
        name=fields.display_name,
        summary=fields.note,
        locked=fields.locked,
        bot=fields.bot,
        discoverable=fields.discoverable,
        indexable=fields.indexable,
        hides_collections=fields.hide_collections,
        fields=_lines(fields.fields_attributes),
        icon_url=await _take(call, call.files.get("avatar"), AVATAR),
        image_url=await _take(call, call.files.get("header"), HEADER),
    )
    source = fields.source or SourceFields()
    chosen = PreferenceChange(
        visibility=source.privacy,
        sensitive=source.sensitive,
        language=source.language,
        quote_policy=source.quote_policy,
        attribution_domains=fields.attribution_domains,
    )
    async with call.database.write() as tx:
        await change_preferences(tx, call.me, chosen)
        if profile == ProfileChange():
            return await actors.find(tx, call.me.id) or call.me
        return await change_profile(tx, call.site, call.me, profile)


def _lines(lines: list[Line] | None) -> tuple[FieldText, ...] | None:
    return None if lines is None else tuple(FieldText(line.name, line.value) for line in lines)


async def _take(call: Call, file: FileStorage | None, shape: Shape) -> str | None:
    """Store a picture and return its address. Raises TooLarge, Unsupported or Invalid."""
    if file is None:
        return None
    return call.site.media_url(await call.services.intake.take_portrait(file.read(), shape))


async def _show(reader: Reader, call: Call, me: Actor) -> Profile:
    me = await actors.find(reader, me.id) or me
    chosen = await preferences.find(reader, me.id)
    written = msgspec.json.decode(chosen.fields, type=list[tuple[str, str]])
    proven = [line.verified_at for line in me.profile_fields]
    return Profile(
        id=str(me.id),
        display_name=me.name or "",
        note=chosen.note if chosen.note is not None else plain_text(me.summary_html or ""),
        fields=[
            ProfileLine(name=name, value=value, verified_at=show_time(at))
            for (name, value), at in zip(written, proven, strict=False)
        ],
        avatar=me.icon_url,
        avatar_static=me.icon_url,
        avatar_description="",
        header=me.image_url,
        header_static=me.image_url,
        header_description="",
        locked=me.locked,
        bot=me.bot,
        hide_collections=me.hides_collections,
        discoverable=me.discoverable,
        indexable=me.indexable,
        show_media=True,
        show_media_replies=True,
        show_featured=True,
        attribution_domains=msgspec.json.decode(chosen.attribution_domains, type=list[str]),
        featured_tags=await show_featured(reader, call.site, me),
    )


_CREDENTIALS = "/api/v1/accounts/update_credentials"
_PROFILE = "/api/v1/profile"

ROUTES = (
    Route(
        "PATCH",
        _CREDENTIALS,
        update_credentials,
        "write:accounts",
        "person",
        ProfileFields,
        gives=CredentialAccount,
        files=PICTURES,
        body_bytes=BODY_BYTES,
    ),
    Route("GET", _PROFILE, show, "read:accounts", "person", gives=Profile),
    Route(
        "PATCH",
        _PROFILE,
        change,
        "write:accounts",
        "person",
        ProfileFields,
        gives=Profile,
        files=PICTURES,
        body_bytes=BODY_BYTES,
    ),
    Route("DELETE", f"{_PROFILE}/avatar", drop_avatar, "write:accounts", "person", gives=CredentialAccount),
    Route("DELETE", f"{_PROFILE}/header", drop_header, "write:accounts", "person", gives=CredentialAccount),
)
