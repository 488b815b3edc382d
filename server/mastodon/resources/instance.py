"""What this instance is and what fits in it: the first thing that every client asks, in two versions."""

import hashlib

from activitypub.discovery import REPOSITORY
from server.actions.painting import request_picture
from server.actions.people import profile, profile_fields
from server.actions.ties.follow_tag import FEATURED_AT_MOST
from server.actions.writing import ask, pin, publish, write_post
from server.ids import MICROSECONDS, first_at
from server.mastodon import house_rules
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account
from server.mastodon.entities.instance import (
    AccountLimits,
    ApiVersions,
    Configuration,
    ConfigurationV1,
    Contact,
    DomainBlock,
    Icon,
    Instance,
    InstanceV1,
    MediaLimits,
    PollLimits,
    Registrations,
    Rule,
    Stats,
    StatusLimits,
    Text,
    Thumbnail,
    TimelinesAccess,
    Translation,
    Urls,
    UrlsV1,
    Usage,
    Users,
    Vapid,
    Week,
)
from server.mastodon.route import Route
from server.mastodon.showing.accounts import DEFAULT_HEADER, show_accounts
from server.mastodon.words import DAY_SECONDS
from server.media.decode import MEDIA_TYPES
from server.remote.peers import VERSION
from server.remote.vapid import public_key
from server.site import Site
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.people import census
from server.store.people.census import Census

# Clients open features by these two. The first is Mastodon 4.5's, whose answers ours are tested against.
LIKE_MASTODON = "4.5.0"
API_VERSION = 7
# Clients count every address in a post as this long.
URL_LETTERS = 23
ACTIVE_DAYS = 30
WEEKS = 12
HOSTS_AT_MOST = 10_000
# What clients may count on, whoever runs this.
ACCOUNTS = AccountLimits(
    max_featured_tags=FEATURED_AT_MOST,
    max_pinned_statuses=pin.PINS_AT_MOST,
    max_profile_fields=profile_fields.FIELDS_AT_MOST,
    profile_field_name_limit=profile_fields.FIELD_AT_MOST,
    profile_field_value_limit=profile_fields.FIELD_AT_MOST,
    max_display_name_length=profile.NAME_AT_MOST,
    max_note_length=profile.SUMMARY_AT_MOST,
)
STATUSES = StatusLimits(
    max_characters=publish.TEXT_AT_MOST,
    max_media_attachments=write_post.PICTURES_AT_MOST,
    characters_reserved_per_url=URL_LETTERS,
    supported_mime_types=["text/plain"],
)
POLLS = PollLimits(
    max_options=ask.OPTIONS_AT_MOST,
    max_characters_per_option=ask.TITLE_AT_MOST,
    min_expiration=ask.SECONDS_AT_LEAST,
    max_expiration=ask.SECONDS_AT_MOST,
)


async def show(call: Call) -> Instance:
    """Return the instance, version 2."""
    site, config = call.site, call.site.config
    async with call.database.read() as reader:
        counted = await _count(reader, site)
        admin = await _show_admin(reader, site)
        listed_only = await domain_rules.find(reader, domain_rules.EVERYBODY) is not None
    return Instance(
        domain=site.domain,
        title=config.site.name,
        version=_version(),
        source_url=REPOSITORY,
        description=config.site.description,
        usage=Usage(users=Users(active_month=counted.active)),
        thumbnail=Thumbnail(url=_thumbnail(site), blurhash=None, versions={}),
        icon=[Icon(src=f"{site.origin}/assets/default/avatar.png", size="400x400")],
        languages=["en"],
        configuration=_configure(call, listed_only=listed_only),
        registrations=Registrations(
            enabled=config.accounts.registrations != "closed",
            approval_required=False,
            reason_required=False,
            message=None,
            min_age=None,
            url=None,
        ),
        api_versions=ApiVersions(mastodon=API_VERSION),
        contact=Contact(email=_email(site), account=admin),
        rules=_rules(),
    )


async def show_v1(call: Call) -> InstanceV1:
    """Return the instance, version 1: for clients that have not heard of the second."""
    site, config = call.site, call.site.config
    async with call.database.read() as reader:
        counted = await _count(reader, site)
        admin = await _show_admin(reader, site)
        listed_only = await domain_rules.find(reader, domain_rules.EVERYBODY) is not None
    whole = _configure(call, listed_only=listed_only)
    return InstanceV1(
        uri=site.domain,
        title=config.site.name,
        short_description=config.site.description,
        description=house_rules.describe(config),
        email=_email(site),
        version=_version(),
        urls=UrlsV1(streaming_api=whole.urls.streaming),
        stats=Stats(user_count=counted.people, status_count=counted.posts, domain_count=counted.hosts),
        thumbnail=_thumbnail(site),
        languages=["en"],
        registrations=config.accounts.registrations != "closed",
        approval_required=False,
        invites_enabled=False,
        configuration=ConfigurationV1(
            accounts=whole.accounts,
            statuses=whole.statuses,
            media_attachments=whole.media_attachments,
            polls=whole.polls,
        ),
        contact_account=admin,
        rules=_rules(),
    )


async def list_rules(call: Call) -> list[Rule]:
    """Return the rules of the house."""
    return _rules()


async def show_description(call: Call) -> Text:
    """Return what this place is, at length."""
    return Text(updated_at=house_rules.WRITTEN_ON, content=house_rules.describe(call.site.config))


async def show_privacy(call: Call) -> Text:
    """Return what is kept of whom."""
    return Text(updated_at=house_rules.WRITTEN_ON, content=house_rules.PRIVACY)


async def list_peers(call: Call) -> list[str]:
    """Return the hosts that we exchange posts with."""
    async with call.database.read() as reader:
        hosts = await census.list_hosts(reader, limit=HOSTS_AT_MOST)
        suspended = await domain_rules.find_many_suspended(reader, hosts)
    return [host for host in hosts if host not in suspended]


async def list_blocks(call: Call) -> list[DomainBlock]:
    """Return the domains that are suspended or silenced here, and why, as far as the operator says it to all."""
    async with call.database.read() as reader:
        rules = [one for one in await domain_rules.list_rules(reader) if _is_told(one)]
    return [
        DomainBlock(
            domain=rule.domain,
            digest=hashlib.sha256(rule.domain.encode()).hexdigest(),
            severity=rule.severity,
            comment=rule.public_comment or None,
        )
        for rule in rules
    ]


def _is_told(rule: domain_rules.Rule) -> bool:
    return (rule.suspends or rule.silences) and rule.domain != domain_rules.EVERYBODY


async def list_weeks(call: Call) -> list[Week]:
    """Return the last weeks: posts, who wrote them (nobody's visits are counted), and who came."""
    span = 7 * DAY_SECONDS
    begin = call.site.clock.now() // MICROSECONDS // span * span
    async with call.database.read() as reader:
        return [await _read_week(reader, begin - number * span, span) for number in range(WEEKS)]


async def list_languages(call: Call) -> dict[str, list[str]]:
    """Return what is translated from which language: nothing, as no text is sent away for it."""
    return {}


async def _read_week(reader: Reader, begin: int, span: int) -> Week:
    since, end = begin * MICROSECONDS, (begin + span) * MICROSECONDS
    written, people = await census.count_written(reader, first_id=first_at(since), end_id=first_at(end))
    come = await census.count_come(reader, since=since, end=end)
    return Week(week=str(begin), statuses=str(written), logins=str(people), registrations=str(come))


def _configure(call: Call, *, listed_only: bool) -> Configuration:
    site, media = call.site, call.site.config.media
    return Configuration(
        urls=Urls(
            streaming=site.origin.replace("http", "ws", 1),
            status=None,
            about=f"{site.origin}/about",
            privacy_policy=None,
            terms_of_service=None,
        ),
        vapid=Vapid(public_key=public_key(call.services.secret)),
        accounts=ACCOUNTS,
        statuses=STATUSES,
        media_attachments=MediaLimits(
            supported_mime_types=list(MEDIA_TYPES),
            description_limit=request_picture.ALT_AT_MOST,
            image_size_limit=media.max_upload_bytes,
            image_matrix_limit=media.max_upload_pixels,
        ),
        polls=POLLS,
        translation=Translation(enabled=False),
        timelines_access=TimelinesAccess(),
        limited_federation=listed_only,
    )


async def _count(reader: Reader, site: Site) -> Census:
    lately = site.clock.now() - ACTIVE_DAYS * DAY_SECONDS * MICROSECONDS
    return await census.take_census(reader, since_id=first_at(lately))


async def _show_admin(reader: Reader, site: Site) -> Account | None:
    admin = await census.find_admin(reader)
    return (await show_accounts(reader, site, [admin]))[0] if admin else None


def _version() -> str:
    """Clients read the number before the parenthesis, and the name within it (Phanpy, Mastodon.py)."""
    return f"{LIKE_MASTODON} (compatible; Pinxit {VERSION})"


def _email(site: Site) -> str:
    contact = site.config.site.contact.strip().removeprefix("mailto:")
    return contact if "@" in contact.lstrip("@") and "/" not in contact and " " not in contact else ""


def _thumbnail(site: Site) -> str:
    return f"{site.origin}{DEFAULT_HEADER}"


def _rules() -> list[Rule]:
    return [Rule(id=str(number), text=text) for number, text in enumerate(house_rules.RULES, 1)]


_V1 = "/api/v1/instance"
ROUTES = (
    Route("GET", "/api/v2/instance", show, None, "anyone", gives=Instance),
    Route("GET", _V1, show_v1, None, "anyone", gives=InstanceV1),
    Route("GET", f"{_V1}/rules", list_rules, None, "anyone", gives=list[Rule]),
    Route("GET", f"{_V1}/extended_description", show_description, None, "anyone", gives=Text),
    Route("GET", f"{_V1}/privacy_policy", show_privacy, None, "anyone", gives=Text),
    Route("GET", f"{_V1}/peers", list_peers, None, "anyone", gives=list[str]),
    Route("GET", f"{_V1}/activity", list_weeks, None, "anyone", gives=list[Week]),
    Route("GET", f"{_V1}/domain_blocks", list_blocks, None, "anyone", gives=list[DomainBlock]),
    Route("GET", f"{_V1}/translation_languages", list_languages, None, "anyone", gives=dict[str, list[str]]),
)
