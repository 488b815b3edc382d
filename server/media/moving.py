"""Tells by the first bytes of a WebP of ours whether it moves. It must not open pictures."""

# RIFF, size, WEBP, and the chunk VP8X with its flags: the container's specification, RFC 9649 section 2.7.
HEAD_BYTES = 21
_ANIMATION = 0x02


def is_moving(head: bytes) -> bool:
    """Whether the file that begins so is an animated WebP."""
    return len(head) >= HEAD_BYTES and head[8:16] == b"WEBPVP8X" and bool(head[20] & _ANIMATION)
