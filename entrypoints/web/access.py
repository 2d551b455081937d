"""Who calls: bearer keys, of which only the SHA-256 of the whole text is kept."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

import attrs

from entrypoints.web.problems import ProblemError, not_found
from ports.api_keys import ApiKey, ApiKeyStore, Permission
from ports.clock import Clock

_PREFIX = "atsb_"
_REMEMBERED_SECONDS = 5.0
_MOST_REMEMBERED = 10_000
_NOBODY = hashlib.sha256(b"nobody").digest()
_SCHEME = "bearer "


def new_key() -> tuple[str, str, bytes]:
    """An id, the key's text, which is shown once, and its digest, which is kept."""
    key_id = secrets.token_hex(8)
    text = f"{_PREFIX}{key_id}_{secrets.token_urlsafe(32)}"
    return key_id, text, digest_of(text)


def digest_of(text: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()


@attrs.define
class Gate:
    """Looks keys up; those found are remembered for a few seconds."""

    store: ApiKeyStore
    clock: Clock
    _remembered: dict[str, tuple[float, ApiKey]] = attrs.field(factory=dict)

    async def caller(self, headers: Mapping[str, str]) -> ApiKey:
        """Raises ProblemError (401). An unknown id costs what a wrong secret does."""
        text = _bearer(headers)
        key_id, _, _ = text.removeprefix(_PREFIX).partition("_")
        key = await self._key(key_id) if text.startswith(_PREFIX) and 0 < len(key_id) <= 64 else None
        kept = key.secret_sha256 if key is not None else _NOBODY
        same = hmac.compare_digest(digest_of(text), kept)
        if key is None or not same:
            raise _unknown("the API key is not known")
        if key.expires_at is not None and key.expires_at <= self.clock.now():
            raise _unknown("the API key has expired")
        return key

    def forget(self, key_id: str) -> None:
        """The key was removed."""
        self._remembered.pop(key_id, None)

    async def _key(self, key_id: str) -> ApiKey | None:
        now = self.clock.monotonic()
        until, key = self._remembered.get(key_id, (now, None))
        if key is not None and now < until:
            return key
        found = await self.store.get(key_id) if key_id.isascii() and key_id.isprintable() else None
        self._remembered.pop(key_id, None)
        if found is not None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key_id] = (now + _REMEMBERED_SECONDS, found)
        return found


def may(caller: ApiKey, permission: Permission, connection: str | None) -> None:
    """Raises ProblemError: 404 for another connection, 403 without the permission."""
    if connection is not None and caller.connection not in {None, connection}:
        raise not_found()
    if permission not in caller.permissions and Permission.ADMIN not in caller.permissions:
        raise ProblemError(403, "not-allowed", f"the API key lacks the permission {permission}")


def _bearer(headers: Mapping[str, str]) -> str:
    given = headers.get("Authorization", "")
    if given[: len(_SCHEME)].lower() != _SCHEME:
        raise _unknown("an API key is needed: Authorization: Bearer atsb_...")
    return given[len(_SCHEME) :].strip()


def _unknown(why: str) -> ProblemError:
    return ProblemError(401, "unauthorized", why, headers={"WWW-Authenticate": 'Bearer realm="atsbridge"'})
