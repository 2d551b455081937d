"""Files that are answered: as what they are, to be kept and not to be opened."""

import re
from urllib.parse import quote

from entrypoints.web.operation import Reply

_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,120}", re.IGNORECASE)


def file_reply(filename: str, media_type: str, content: bytes, *, otherwise: str) -> Reply:
    """`otherwise` is its name where nothing of the given one can be shown."""
    name = "".join(sign for sign in filename if sign.isprintable()) or otherwise
    return Reply(
        content=content,
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
        headers={
            "Content-Disposition": _as_attachment(name),
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _as_attachment(name: str) -> str:
    """As of RFC 6266: in ASCII for old clients, and as it is."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
