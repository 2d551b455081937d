"""Resumes that are handed in: what a file is, is told by its content; its name must not say otherwise."""

import io
import zipfile
from pathlib import PurePosixPath

from domain.attachment import pdf_faults
from domain.errors import Fault

LARGEST_RESUME = 10 * 1024 * 1024
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"
_ENDINGS = {".pdf": PDF, ".docx": DOCX, ".txt": TEXT}
_NAMES = {PDF: "a PDF", DOCX: "a DOCX", TEXT: "plain text"}
_PARTS = frozenset({"[Content_Types].xml", "word/document.xml"})
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f") | {"\x7f"}


def media_type_of_resume(content: bytes) -> str | None:
    """By the content alone: of a whole PDF, a DOCX, or plain text in UTF-8; None of anything else."""
    if content.startswith(b"%PDF-"):
        return None if pdf_faults(content) else PDF
    if content.startswith(b"PK\x03\x04"):
        return DOCX if _is_docx(content) else None
    return TEXT if _is_text(content) else None


def resume_faults(content: bytes) -> tuple[Fault, ...]:
    """What is wrong with a would-be resume: its size (10 MiB at most), or what it is."""
    if len(content) > LARGEST_RESUME:
        return (Fault("", f"is larger than {LARGEST_RESUME} bytes"),)
    if media_type_of_resume(content) is None:
        return (Fault("", "is neither a whole PDF, nor a DOCX, nor plain text in UTF-8"),)
    return ()


def resume_name_faults(filename: str, media_type: str) -> tuple[Fault, ...]:
    """A name may have any ending but that of another kind of resume."""
    said = _ENDINGS.get(PurePosixPath(filename).suffix.lower(), media_type)
    return () if said == media_type else (Fault("", f"says {_NAMES[said]}, but the file is {_NAMES[media_type]}"),)


def _is_docx(content: bytes) -> bool:
    """Its table of contents names what every DOCX has. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist()) >= _PARTS
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError):
        return False


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not set(text) & _CONTROLS
