"""Credentials and other secrets sealed with Fernet keys of the operator's."""

from collections.abc import Mapping, Sequence

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ports.vault import SealError, Vault


class _Sealed(msgspec.Struct):
    """What is inside a seal: a Fernet token names no row by itself, so the row's name is sealed in."""

    connection: str
    revision: int
    credentials: dict[str, str]


class FernetVault(Vault):
    """The first key seals, all of them open: a new one is put first, and the old ones stay until all is resealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SealError("the vault has no key")
        self._keys = MultiFernet([_fernet(n, key) for n, key in enumerate(keys, start=1)])

    def seal(self, row: str, revision: int, secrets: Mapping[str, str]) -> bytes:
        return self._keys.encrypt(msgspec.json.encode(_Sealed(row, revision, dict(secrets))))

    def unseal(self, row: str, revision: int, sealed: bytes) -> Mapping[str, str]:
        try:
            found = msgspec.json.decode(self._keys.decrypt(sealed), type=_Sealed)
        except InvalidToken:
            raise SealError(f"the credentials of {row} were sealed with a key that the vault lacks") from None
        except msgspec.DecodeError:
            raise SealError(f"what is sealed for {row} is not credentials") from None
        if (found.connection, found.revision) != (row, revision):
            raise SealError(f"the credentials of {row} were sealed for another row")
        return found.credentials

    def resealed(self, row: str, revision: int, sealed: bytes) -> bytes:
        """The same under the first key. Raises SealError as `unseal` does."""
        return self.seal(row, revision, self.unseal(row, revision, sealed))


def new_key() -> str:
    """A key that no vault has yet."""
    return Fernet.generate_key().decode()


def _fernet(n: int, key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise SealError(f"key {n} of the vault is not 32 bytes in URL-safe base64") from None
