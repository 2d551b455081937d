"""Whose turn it is to speak to an ATS host: rates and log-ins are shared by everybody who uses a connection."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import attrs

from domain.ids import ConnectionId

LONGEST_FLIGHT = 60.0
"""Seconds that a request takes at most if nobody says otherwise."""


@attrs.frozen
class Host:
    """One host of one connection: what a provider counts requests and log-ins by.

    `revision` is the connection's: a token that was got with other credentials, or elsewhere, is another token. The
    rate does not ask for it.
    """

    connection: ConnectionId
    name: str
    revision: int = 0


@attrs.frozen
class Rate:
    """At most `requests` in `seconds`, evenly spaced, over everybody; at most `in_flight` at once.

    `in_flight` is a process's own unless the vendor counts what is under way: then it holds `everywhere`, over all
    processes, which costs two small writes a request.
    """

    requests: float
    seconds: float
    in_flight: int
    everywhere: bool = False


@attrs.frozen
class Token:
    """What a log-in gave. `version` grows by one with each log-in.

    `fresh_for` is the time in seconds, from when it is handed over, after which it is renewed. It is a span because
    moments mean nothing between processes: each has a monotonic clock of its own.
    """

    secret: str = attrs.field(repr=False)
    fresh_for: float
    version: int = 0


class Turns(Protocol):
    """Turns and tokens of every host in use."""

    @abstractmethod
    def take(
        self, host: Host, rate: Rate, *, flight: float = LONGEST_FLIGHT, patient: bool = False
    ) -> AbstractAsyncContextManager[None]:
        """One request to the host: entering waits until it may be sent, leaving says that it is over.

        A `patient` one takes a turn only when nobody else is waiting for one, in whatever process: it has all that the
        others leave of the rate, and waits for ever where they leave nothing.

        `flight` is how many seconds the request may take at most: a place that holds everywhere is not given to
        others before then, also if this process dies.

        Leaving raises nothing of its own: the request may have been sent, and an error would speak of one that was not.

        Entering raises `ThrottledError` when the host asked for a longer silence than is worth waiting for here, and
        `UnavailableError` when nobody can say whose turn it is: then nothing may be sent.
        """

    @abstractmethod
    async def bear(self, host: Host, in_flight: int) -> None:
        """The host said, in an answer to a request that still has its turn, how many it bears at once.

        Where the rate's `in_flight` holds everywhere, no more than that are under way from then on, and never more
        than the rate says. What the host says last counts.
        """

    @abstractmethod
    async def hold_back(self, host: Host, seconds: float) -> None:
        """The host asked for silence (429, rate headers): nobody gets a turn before then."""

    @abstractmethod
    async def token(self, host: Host, log_in: Callable[[], Awaitable[Token]], *, unlike: int | None = None) -> Token:
        """The shared token, logged in for once whoever asks.

        `unlike` is the version that was just refused: a newer one is handed out as it is, the same one is renewed.
        Errors of `log_in` go to every caller in this process that waited for it. Raises `UnavailableError` when
        another process takes too long over its log-in.
        """
