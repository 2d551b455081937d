"""Request bodies, always as bytes: what is sent twice must be the same twice, and a recording must show it."""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

import attrs
import msgspec


@attrs.frozen
class Body:
    """What is sent: the bytes, their type, and headers that belong to this body alone.

    The bytes come in parts, so that a large file among them is not copied.
    """

    parts: tuple[bytes, ...] = attrs.field(repr=False)
    content_type: str
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)

    @property
    def content(self) -> bytes:
        """All of it in one."""
        return b"".join(self.parts)


@attrs.frozen
class File:
    """A file of a multipart body: the form field it goes in, its name for the vendor, its bytes and their type."""

    field: str
    filename: str = attrs.field(repr=False)
    content: bytes = attrs.field(repr=False)
    content_type: str = "application/octet-stream"


def json_body(value: object) -> Body:
    """`value` as JSON; anything msgspec encodes, attrs classes included."""
    return Body((msgspec.json.encode(value),), "application/json")


def form_body(fields: Mapping[str, str]) -> Body:
    """`fields` as an HTML form would send them."""
    return Body((urlencode(fields).encode(),), "application/x-www-form-urlencoded")


def multipart_body(fields: Mapping[str, str], file: File) -> Body:
    """Fields, then one file. The boundary is a digest of the content: the same content gives the same bytes."""
    parts = [(_disposition(name), value.encode()) for name, value in fields.items()]
    head = _disposition(file.field, file.filename) + f"Content-Type: {file.content_type}\r\n"
    parts.append((head, file.content))
    boundary = _boundary(parts)
    opening = f"--{boundary}\r\n"
    sent: list[bytes] = []
    for head, value in parts:
        sent += (f"{opening}{head}\r\n".encode(), value, b"\r\n")
    return Body((*sent, f"--{boundary}--\r\n".encode()), f"multipart/form-data; boundary={boundary}")


def _disposition(name: str, filename: str | None = None) -> str:
    named = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    return named + ("\r\n" if filename is None else f'; filename="{_quoted(filename)}"\r\n')


def _quoted(text: str) -> str:
    # As browsers do: a quote or a line break in a name must not end the header.
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _boundary(parts: list[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for head, value in parts:
        digest.update(head.encode())
        digest.update(value)
    return digest.hexdigest()[:32]
