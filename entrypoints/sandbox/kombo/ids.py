"""Kombo's ids: 24 characters of base58, made from a record's number and back again, so that nothing has to be kept."""

import hashlib
from functools import lru_cache

import attrs

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_LENGTH = 24
_ALL = 58**_LENGTH
# Any number without a common divisor with 58 can be undone.
_STRIDE = 30_549_781_462_913_377_919_403_718_219_571_351_627_421
_BACK = pow(_STRIDE, -1, _ALL)
_MOST = 10**12
# Kombo's own example gives a candidate and a tag one id: ids are unique within a model, and no further.
_SHARED = {"tag": "candidate"}


@attrs.frozen
class Ids:
    """Those of one integration."""

    integration: str

    def of(self, model: str, number: int) -> str:
        left = ((number + 1) * _STRIDE + _first(self.integration, model)) % _ALL
        pairs = []
        for _ in range(_LENGTH // 2):
            left, pair = divmod(left, 58 * 58)
            pairs.append(_PAIRS[pair])
        return "".join(reversed(pairs))

    def number(self, model: str, text: str) -> int | None:
        """The number that the id was made from; None for what was never an id of this model."""
        if len(text) != _LENGTH or not set(text) <= set(_ALPHABET):
            return None
        value = 0
        for letter in text:
            value = value * 58 + _ALPHABET.index(letter)
        number = (value - _first(self.integration, model)) * _BACK % _ALL - 1
        return number if 0 <= number < _MOST else None


@lru_cache(maxsize=64)
def _first(integration: str, model: str) -> int:
    seed = f"{integration}/{_SHARED.get(model, model)}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest(), "big")
