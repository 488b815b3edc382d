"""The frames between the server and the generator: one JSON line with its `"bytes": n`, then n raw bytes.

Both ends use this module, and the server nothing else of the generator: it may import no more than msgspec and
the plain types of `generator.engine`. `pack` and the two readers speak those types; the structs are the wire.

Towards the generator go request, cancel and stop. Back come ready (once, first), then step, preview, picture
and failure, each with the id of its request, which is over with its picture or its failure.
"""

from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol, TypeAlias, TypeVar

import msgspec

from generator.engine import (
    Event,
    Failure,
    FailureKind,
    LicenseClass,
    Manifest,
    ModelCapabilities,
    ModelSettings,
    Picture,
    Preview,
    Ready,
    Request,
    Source,
    Step,
)

__all__ = [
    "MAX_LINE_BYTES",
    "MAX_PAYLOAD_BYTES",
    "BrokenFrame",
    "Cancel",
    "ChildSettings",
    "Event",
    "Failure",
    "FailureKind",
    "FromChild",
    "LicenseClass",
    "Manifest",
    "ModelCapabilities",
    "ModelSettings",
    "Picture",
    "Preview",
    "Ready",
    "Request",
    "Source",
    "Step",
    "Stop",
    "ToChild",
    "pack",
    "read_from_child",
    "read_settings",
    "read_to_child",
    "write_settings",
]

MAX_LINE_BYTES = 256 * 1024  # a prompt and a negative of 4,000 characters are 32 KB; a long list of models 100 KB
MAX_PAYLOAD_BYTES = 64 * 1024 * 1024  # 4096 x 4096 pixels are 48 MB


class BrokenFrame(Exception):
    """The other end does not keep to the frames; there is no way to find the next one, so the line is dead."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The request with this id is no longer wanted; an unknown id is not an error (it may just have ended)."""

    id: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave: drop what waits, give up what is being painted, answer nothing more."""


@dataclass(frozen=True, slots=True)
class ChildSettings:
    """What the generator is started with: its first argument, as JSON (`write_settings`)."""

    models: tuple[ModelSettings, ...]
    threads: int | None = None  # threads of the arithmetic on a CPU; None takes what the machine has


ToChild: TypeAlias = Request | Cancel | Stop
FromChild: TypeAlias = Ready | Step | Preview | Picture | Failure


class RequestMessage(msgspec.Struct, frozen=True, tag="request"):
    """Paint this; the payload is the source picture's pixels, if it has one."""

    request: Request
    size: int = msgspec.field(default=0, name="bytes")


class CancelMessage(msgspec.Struct, frozen=True, tag="cancel"):
    """Give this request up."""

    id: str
    size: int = msgspec.field(default=0, name="bytes")


class StopMessage(msgspec.Struct, frozen=True, tag="stop"):
    """Leave."""

    size: int = msgspec.field(default=0, name="bytes")


class ReadyMessage(msgspec.Struct, frozen=True, tag="ready"):
    """The models that may be asked."""

    ready: Ready
    size: int = msgspec.field(default=0, name="bytes")


class StepMessage(msgspec.Struct, frozen=True, tag="step"):
    """One step is done."""

    step: Step
    size: int = msgspec.field(default=0, name="bytes")


class PreviewMessage(msgspec.Struct, frozen=True, tag="preview"):
    """How it looks so far; the payload is a JPEG."""

    preview: Preview
    size: int = msgspec.field(default=0, name="bytes")


class PictureMessage(msgspec.Struct, frozen=True, tag="picture"):
    """It is done; the payload is the pixels."""

    picture: Picture
    size: int = msgspec.field(default=0, name="bytes")


class FailureMessage(msgspec.Struct, frozen=True, tag="failure"):
    """There will be no picture, and why."""

    failure: Failure
    size: int = msgspec.field(default=0, name="bytes")


_ToChildMessage: TypeAlias = RequestMessage | CancelMessage | StopMessage
_FromChildMessage: TypeAlias = ReadyMessage | StepMessage | PreviewMessage | PictureMessage | FailureMessage
Message = TypeVar("Message", _ToChildMessage, _FromChildMessage)

_encoder = msgspec.json.Encoder()
_to_child = msgspec.json.Decoder(_ToChildMessage)
_from_child = msgspec.json.Decoder(_FromChildMessage)
_settings = msgspec.json.Decoder(ChildSettings)


class AsyncSource(Protocol):
    """The two methods of `asyncio.StreamReader` that are used; the child must not pay for importing asyncio."""

    async def readline(self) -> bytes:
        """Read to the newline, or what there is at the end of the file; ValueError over the stream's limit."""

    async def readexactly(self, n: int, /) -> bytes:
        """Read n bytes; EOFError when there are fewer."""


def pack(content: ToChild | FromChild) -> tuple[bytes, bytes]:
    """Make the two parts of a frame, line and payload; ValueError when one is over its limit."""
    message, payload = _to_wire(content)
    line = _encoder.encode(message) + b"\n"
    if len(line) > MAX_LINE_BYTES or len(payload) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"a frame of {len(line)} + {len(payload)} bytes is over the limit")
    return line, payload


def read_to_child(stream: BinaryIO) -> ToChild | None:
    """Read the next frame in the child, blocking; None at the end of the file, BrokenFrame for anything odd."""
    line = stream.readline(MAX_LINE_BYTES + 1)
    if not line:
        return None
    message = _decode(_to_child, line)
    payload = stream.read(message.size)
    if len(payload) != message.size:
        raise BrokenFrame(f"the line promised {message.size} bytes and {len(payload)} came")
    return _asked(message, payload)


async def read_from_child(stream: AsyncSource) -> FromChild | None:
    """Read the next frame in the server, whose stream has the limit MAX_LINE_BYTES; else as `read_to_child`."""
    try:
        line = await stream.readline()
        if not line:
            return None
        message = _decode(_from_child, line)
        payload = await stream.readexactly(message.size) if message.size else b""
    except (ValueError, EOFError) as error:
        raise BrokenFrame(str(error)) from error
    return _answered(message, payload)


def write_settings(settings: ChildSettings) -> str:
    """Make the generator's first argument."""
    return _encoder.encode(settings).decode()


def read_settings(argument: str) -> ChildSettings:
    """Read the generator's first argument; ValueError names what is wrong with it."""
    try:
        settings = _settings.decode(argument)
    except msgspec.MsgspecError as error:
        raise ValueError(f"the settings cannot be read: {error}") from error
    names = [model.name for model in settings.models]
    if not names:
        raise ValueError("the settings name no model")
    if len(set(names)) != len(names):
        raise ValueError("two models have the same name")
    return settings


def _to_wire(content: ToChild | FromChild) -> tuple[_ToChildMessage | _FromChildMessage, bytes]:
    match content:
        case Request(source=Source(pixels=pixels) as source):
            bare = replace(content, source=replace(source, pixels=b""))
            return RequestMessage(bare, len(pixels)), pixels
        case Request():
            return RequestMessage(content), b""
        case Cancel():
            return CancelMessage(content.id), b""
        case Stop():
            return StopMessage(), b""
        case Ready():
            return ReadyMessage(content), b""
        case Step():
            return StepMessage(content), b""
        case Preview():
            return PreviewMessage(replace(content, jpeg=b""), len(content.jpeg)), content.jpeg
        case Picture():
            return PictureMessage(replace(content, pixels=b""), len(content.pixels)), content.pixels
        case Failure():
            return FailureMessage(content), b""


def _decode(decoder: msgspec.json.Decoder[Message], line: bytes) -> Message:
    if not line.endswith(b"\n"):
        raise BrokenFrame(f"a line ended without its newline after {len(line)} bytes")
    try:
        message = decoder.decode(line)
    except (ValueError, RecursionError) as error:  # msgspec's own errors are ValueErrors, as is broken UTF-8
        raise BrokenFrame(f"a line is not a message: {error}") from error
    if not 0 <= message.size <= MAX_PAYLOAD_BYTES:
        raise BrokenFrame(f"a payload of {message.size} bytes is outside 0 to {MAX_PAYLOAD_BYTES}")
    return message


def _asked(message: _ToChildMessage, payload: bytes) -> ToChild:
    match message:
        case RequestMessage(request=Request(source=Source() as source) as request):
            _check_pixels(payload, source.width, source.height)
            return replace(request, source=replace(source, pixels=payload))
        case RequestMessage(request=request):
            _check_empty(payload)
            return request
        case CancelMessage():
            _check_empty(payload)
            return Cancel(message.id)
        case StopMessage():
            _check_empty(payload)
            return Stop()


def _answered(message: _FromChildMessage, payload: bytes) -> FromChild:
    match message:
        case PictureMessage(picture=picture):
            _check_pixels(payload, picture.width, picture.height)
            return replace(picture, pixels=payload)
        case PreviewMessage(preview=preview):
            return replace(preview, jpeg=payload)
        case ReadyMessage(ready=content) | StepMessage(step=content) | FailureMessage(failure=content):
            _check_empty(payload)
            return content


def _check_pixels(payload: bytes, width: int, height: int) -> None:
    if width < 1 or height < 1 or len(payload) != width * height * 3:
        raise BrokenFrame(f"{len(payload)} bytes are not {width} x {height} pixels of three")


def _check_empty(payload: bytes) -> None:
    if payload:
        raise BrokenFrame("a message without a payload brought one")
