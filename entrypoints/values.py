"""The leaves of what people send us: texts with their limits, times, scores and files."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from msgspec import Meta

from domain.attachment import LARGEST_FILE, filename_faults, pdf_faults
from domain.errors import InvalidError
from entrypoints.decoding import LeafError, Says

# They run over all that is sent, so they go over a text once. Python's `$` also matches before a last line break.
_NAME_PATTERN = r"^(?!\s)[^\x00-\x1f\x7f]*$(?<!\s)(?!\n)"
TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_NAME_SAYS = Says("must not begin or end with a blank, nor hold control characters")
_TEXT_SAYS = Says("must not hold control characters other than line breaks and tabs")


def _text(most: int, least: int = 0) -> Meta:
    return Meta(min_length=least, max_length=most, pattern=TEXT_PATTERN)


Id = Annotated[
    str,
    Meta(
        min_length=1, max_length=255, pattern=_NAME_PATTERN, description="An id: 1 to 255 characters, no control ones."
    ),
    _NAME_SAYS,
]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NAME_PATTERN), _NAME_SAYS]
Query = Annotated[str, Meta(min_length=1, max_length=320, pattern=_NAME_PATTERN), _NAME_SAYS]
Pointer = Annotated[
    str, Meta(max_length=500, pattern=TEXT_PATTERN, description="A JSON Pointer into the call result."), _TEXT_SAYS
]
ShortText = Annotated[str, _text(2_000), _TEXT_SAYS]
Text = Annotated[str, _text(20_000), _TEXT_SAYS]
FullText = Annotated[str, _text(20_000, least=1), _TEXT_SAYS]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339, with its offset from UTC.")]
Score = Annotated[float, Meta(ge=0, le=100)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Number = Annotated[float, Meta(ge=-1e15, le=1e15)]
Limit = Annotated[int, Meta(ge=1, le=200)]
Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Value = Annotated[
    Annotated[str, Meta(min_length=1, max_length=20_000, pattern=TEXT_PATTERN)] | Whole | Number | bool,
    Meta(description="A text, number or boolean; it is coerced to the type of the field."),
    _TEXT_SAYS,
]


class Filename(str):
    """The name of a PDF: one path segment."""

    __slots__ = ()

    @classmethod
    def made(cls, text: str) -> Self:
        faults = filename_faults(text)
        if faults:
            raise InvalidError(*faults)
        return cls(text)


class Pdf(bytes):
    """A whole PDF, out of base64."""

    __slots__ = ()

    @classmethod
    def made(cls, text: str) -> Self:
        if len(text) > LARGEST_FILE * 4 // 3 + 4:
            raise LeafError(f"is larger than {LARGEST_FILE} bytes")
        try:
            content = cls(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            raise LeafError("must be base64 as of RFC 4648, section 4") from None
        faults = pdf_faults(content)
        if faults:
            raise InvalidError(*faults)
        return content


SCHEMAS: Mapping[type, Mapping[str, object]] = {
    Filename: {
        "type": "string",
        "minLength": 5,
        "maxLength": 200,
        "pattern": r"\.[pP][dD][fF]$",
        "description": "Printable, ends in .pdf, without slashes and quotes.",
    },
    Pdf: {"type": "string", "contentEncoding": "base64", "description": "A PDF of at most 25 MiB."},
}
"""How the kinds that are made out of a text are described."""
