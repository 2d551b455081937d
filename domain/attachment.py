"""Files that go to an ATS: reports of a call."""

import hashlib
from pathlib import PurePosixPath

import attrs

from domain.errors import Fault

LARGEST_FILE = 25 * 1024 * 1024
_TAIL = 1024
_LONGEST_MARKED = 100


@attrs.frozen(kw_only=True)
class Attachment:
    """A file with its bytes, as an adapter sends it."""

    filename: str
    media_type: str
    content: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class FileReference:
    """A file without its bytes, which are kept elsewhere under their digest (SHA-256, hexadecimal)."""

    filename: str
    media_type: str
    sha256: str
    size: int


def reference_to(file: Attachment) -> FileReference:
    digest = hashlib.sha256(file.content).hexdigest()
    return FileReference(filename=file.filename, media_type=file.media_type, sha256=digest, size=len(file.content))


def pdf_faults(content: bytes) -> tuple[Fault, ...]:
    """What is wrong with a would-be PDF: its size (25 MiB at most), first bytes and end mark. Nothing is parsed."""
    if len(content) > LARGEST_FILE:
        return (Fault("", f"is larger than {LARGEST_FILE} bytes"),)
    faults = []
    if not content.startswith(b"%PDF-"):
        faults.append(Fault("", "is not a PDF: it does not begin with %PDF-"))
    if b"%%EOF" not in content[-_TAIL:]:
        faults.append(Fault("", "is not a whole PDF: its end mark is missing"))
    return tuple(faults)


def filename_faults(filename: str) -> tuple[Fault, ...]:
    """A name must be one path segment of 1 to 200 printable characters that ends in .pdf."""
    if not 1 <= len(filename) <= 200 or not filename.isprintable() or set(filename) & set('/\\"'):
        return (Fault("", "must be 1 to 200 printable characters without slashes and quotes"),)
    if PurePosixPath(filename).suffix.lower() != ".pdf":
        return (Fault("", "must end in .pdf"),)
    return ()


def marked_name(filename: str, marker: str) -> str:
    """The name under which a file goes out, so that it can be found again: `report.pdf` -> `report-<marker>.pdf`.

    A long one is cut before the marker: an ATS would cut it behind, and the file would go out a second time.
    """
    name = PurePosixPath(filename)
    ending = f"-{marker}{name.suffix}"
    return name.stem[: _LONGEST_MARKED - len(ending)] + ending
