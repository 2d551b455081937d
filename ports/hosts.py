"""What all processes know of an ATS host together: when it may be spoken to next, and the token it gave."""

from abc import abstractmethod
from typing import Protocol

import attrs

from ports.turns import Host, Token


@attrs.frozen
class Standing:
    """What is known of a host's token: its version (0: never logged in), and whether somebody is logging in now.

    `token` is missing when there never was one, or none that can be opened here; it may have lost its freshness.
    """

    version: int = 0
    token: Token | None = None
    awaited: bool = False


class Hosts(Protocol):
    """Turns belong to a connection's host, tokens to its revision as well. Each method may raise `UnavailableError`."""

    @abstractmethod
    async def reserve(self, host: Host, turns: int, interval: float, patience: float) -> float:
        """Takes the next turns, `interval` seconds apart, and tells how many seconds from now the first one comes.

        Raises `ThrottledError`, and takes none, when the host asked for a silence of more than `patience` seconds;
        `NotFoundError` when the connection was removed.
        """

    @abstractmethod
    async def ahead(self, host: Host) -> float:
        """In how many seconds a turn taken now would come, after those of others and any silence; 0: at once."""

    @abstractmethod
    async def occupy(self, host: Host, holder: str, in_flight: int, seconds: float) -> bool:
        """Whether `holder` has one of the host's places, for so long; asked again, it keeps the one it has.

        There are `in_flight` of them, or as many as the host bears if these are fewer. Whoever lost a place because
        its time was over gets another one if there is one. Raises `NotFoundError` when the connection was removed.
        """

    @abstractmethod
    async def vacate(self, host: Host, holder: str, bears: int | None) -> None:
        """The holder needs its place no more. `bears` is how many at once the host said to bear, if it said so."""

    @abstractmethod
    async def hush(self, host: Host, seconds: float) -> None:
        """No turn comes for so long; a longer silence stays as it is."""

    @abstractmethod
    async def silence(self, host: Host) -> float:
        """Seconds of silence that are left, or 0."""

    @abstractmethod
    async def standing(self, host: Host) -> Standing:
        """What is known of the token."""

    @abstractmethod
    async def lease(self, host: Host, holder: str, version: int, seconds: float) -> bool:
        """Whether `holder` may log in, for so long, to replace the token of this version; asked again, it extends it.

        Not if another holds the lease, or the token is of another version by now. Raises `NotFoundError` when the
        connection was removed.
        """

    @abstractmethod
    async def keep(self, host: Host, holder: str, token: Token) -> Token | None:
        """The holder's new token with its version, and the end of the lease; None if it lost the lease before."""

    @abstractmethod
    async def release(self, host: Host, holder: str) -> None:
        """The holder gives up: somebody else may try."""
