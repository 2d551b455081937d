"""What a file is by the ending of its name: what a machine's own table says differs from one to the next."""

from pathlib import PurePosixPath

_BY_ENDING = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
}


def media_type_of(filename: str) -> str:
    """The media type, or that of a stream of octets."""
    return _BY_ENDING.get(PurePosixPath(filename).suffix.lower(), "application/octet-stream")
