"""Takes what clients send to `uploadMedia`: a file, or a prompt in its place. It must not open files.

The rule that suits all three ways in use: a Create, or an object that is addressed to somebody, is published; anything
else becomes a picture of its owner's that is in no post yet.
"""

from dataclasses import dataclass, replace

from quart import Response, request
from quart.datastructures import FileStorage

from activitypub.activities import Document
from activitypub.pictures import PROMPT, read_alt, read_wished
from activitypub.reading import read_json
from activitypub.submission import is_activity, read_addressed, read_submission
from activitypub.vocabulary import as_list, is_as2_media_type, types_of
from server.actions.clients.read_given import MEDIA_TYPES
from server.actions.clients.submit import submit
from server.actions.network.current_document import current_document
from server.actions.network.represent_picture import represent_picture
from server.actions.painting.wished import wish_of
from server.actions.writing.upload import About, Files, add_upload, reserve_picture
from server.brake import Brake
from server.federation import respond
from server.federation.bearers import require_person
from server.federation.lookups import look_up
from server.federation.permission import check_scope
from server.oauth.bearer import Bearer
from server.problems import Invalid, Unsupported
from server.services import Services
from server.store.people.actors import Actor
from server.store.writing.media import Media

SCOPES = ("write:media", "activitypub:write:create")
# More than `media.max_upload_bytes` can ever be, with the form around it.
BODY_BYTES_AT_MOST = 42 * 1024 * 1024
# An upload of forty megabytes over a slow line takes its minutes.
BODY_SECONDS = 600
# Mastodon's (config/initializers/rack_attack.rb).
UPLOADS_AT_MOST, UPLOADS_SECONDS = 30, 1800


@dataclass(frozen=True, slots=True)
class Sent:
    """The parts of an upload. `shell` is the object that its client wrote, empty if none."""

    file: bytes | None
    shell: Document
    description: str | None

    @property
    def is_public_matter(self) -> bool:
        """Whether it is to be published: a Create, or addressed to somebody."""
        return bool(self.shell) and (is_activity(self.shell) or bool(read_addressed(self.shell).everybody))

    @property
    def about(self) -> About:
        """What is said of the picture."""
        return About(read_alt(self.shell) or self.description)


class Uploads:
    """Takes uploads, and slows down who sends too many."""

    def __init__(self, services: Services) -> None:
        self._brake = Brake(services.site.clock, most=UPLOADS_AT_MOST, seconds=UPLOADS_SECONDS)

    async def take(self, services: Services) -> Response:
        """Take one upload: 201 when it is there, 202 when it is to be painted.

        Raises:
            ProtocolError: the object cannot be read, or speaks for somebody else.
            Problem: it is not taken; nothing is left of it then.
        """
        bearer, owner = await require_person(services, *SCOPES)
        self._brake.spend(str(owner.id))
        sent = await _read()
        if sent.is_public_matter:
            return await _publish(services, bearer, owner, sent)
        return await _store(services, owner, sent)


async def refuse_reading(services: Services) -> Response:
    """Say that there is nothing to read here."""
    refused = respond.problem(405, "This takes uploads and shows none.")
    refused.headers["Allow"] = "POST, OPTIONS"
    return refused


async def _read() -> Sent:
    request.body_timeout = BODY_SECONDS
    if is_as2_media_type(request.headers.get("Content-Type", "")):
        return Sent(None, read_json(await request.data), None)
    if request.mimetype != "multipart/form-data":
        raise Unsupported("Expected multipart/form-data with the part 'file' or 'object'.")
    form, files = await request.form, await request.files
    file = files.get("file")
    return Sent(
        file=file.read() if file is not None else None,
        shell=_read_shell(form.get("object"), files.get("object")),
        description=form.get("description") or None,
    )


def _read_shell(written: str | None, attached: FileStorage | None) -> Document:
    """The object part, which some clients send as a file."""
    raw = attached.read() if attached is not None else (written or "").encode()
    return read_json(raw) if raw.strip() else {}


async def _store(services: Services, owner: Actor, sent: Sent) -> Response:
    """Keep a picture that is in no post."""
    about, site = sent.about, services.site
    about.check()
    taken = await services.intake.take(sent.file) if sent.file is not None else None
    wished = read_wished(sent.shell) if taken is None else None
    if taken is None and wished is None:
        raise Invalid(f"Send a file, or an object with {PROMPT}.", field="file")
    async with services.database.write() as tx:
        if taken is not None:
            picture = await add_upload(tx, site, owner, taken, about)
        elif wished is not None:
            picture = await reserve_picture(tx, site, owner, wish_of(wished), about)
        document = await represent_picture(tx, site, owner, picture)
    return _answer(document, site.upload_uri(owner.username, picture.id), is_there=picture.is_there)


async def _publish(services: Services, bearer: Bearer, owner: Actor, sent: Sent) -> Response:
    """Publish what is addressed to somebody, with its file in it."""
    submission = read_submission(sent.shell, actor_uri=owner.uri)
    check_scope(bearer, submission)
    if submission.type != "Create":
        raise Invalid("Of activities, only a Create is taken here.", field="object")
    await look_up(services, submission)
    taken = await services.intake.take(sent.file) if sent.file is not None else None
    async with services.database.write() as tx:
        if taken is not None:
            picture = await add_upload(tx, services.site, owner, taken, _about_part(submission.embedded, sent))
            submission = replace(submission, object=_with_file(services, submission.embedded, taken, picture, owner))
        activity = await submit(tx, services.site, owner, submission)
        document = await current_document(tx, services.site, owner, activity)
    return _answer(document or {"id": activity.uri}, activity.uri, is_there=taken is not None)


def _about_part(shell: Document, sent: Sent) -> About:
    """Of a Note, the words are no description of its picture."""
    if MEDIA_TYPES.intersection(types_of(shell)):
        return About(read_alt(shell) or sent.description)
    return About(sent.description)


def _with_file(services: Services, shell: Document, taken: Files, picture: Media, owner: Actor) -> Document:
    site = services.site
    url = site.media_url(taken.keys[0])
    if MEDIA_TYPES.intersection(types_of(shell)):
        return {
            **shell,
            "url": [*as_list(shell.get("url")), {"type": "Link", "href": url, "mediaType": taken.media_type}],
        }
    attachment = {"type": "Image", "id": site.upload_uri(owner.username, picture.id), "url": url}
    return {**shell, "attachment": [*as_list(shell.get("attachment")), attachment]}


def _answer(document: Document, location: str, *, is_there: bool) -> Response:
    if is_there:
        return respond.created(document, location)
    response = respond.document(document, open=False, status=202)
    response.headers["Location"] = location
    return response
