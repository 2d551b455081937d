"""Sending: one signed request, and as little of the answer as can be."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TypeAlias

import aiohttp
from yarl import URL

from adapters.rest.networks import ForbiddenAddressError
from adapters.rest.retry import retry_after
from adapters.rest.sessions import Session
from adapters.webhooks.signing import signed
from domain.delivery import Reply
from domain.errors import InvalidError
from ports.clock import Clock
from ports.webhooks import AddressRules, Errand, Sender

SECONDS = 15.0
LARGEST_REPLY = 65_536
_MOST_URLS = 4_096
_HEADERS = {"Content-Type": "application/json", "User-Agent": "atsbridge"}

_Answer: TypeAlias = tuple[int | None, str | None, float | None]
"""The status, or why there was none; and how long it asks for silence."""


class HttpSender(Sender):
    """`session` must reach no address that is not public: see `adapters.rest.sessions.receivers`.

    An answer has `ending` seconds to end once its status is known: its connection is kept only if it does.
    """

    def __init__(
        self, session: Session, rules: AddressRules, clock: Clock, *, seconds: float = SECONDS, ending: float = 1.0
    ) -> None:
        self._session = session
        self._check = lru_cache(_MOST_URLS)(rules.check)
        self._clock = clock
        self._ending = ending
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def send(self, errand: Errand) -> Reply:
        began = self._clock.monotonic()
        status, error, asked = await self._answer(errand)
        return Reply(status=status, error=error, asked=asked, seconds=max(0.0, self._clock.monotonic() - began))

    async def _answer(self, errand: Errand) -> _Answer:
        if not errand.secrets:
            return None, "the endpoint's secret cannot be opened here", None
        try:
            self._check(errand.url)
            return await self._post(errand)
        except InvalidError as error:
            return None, f"the URL may not be used here: {error.faults[0].message}", None
        except TimeoutError:
            return None, "it did not answer in time", None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, _why(error), None

    async def _post(self, errand: Errand) -> _Answer:
        now = self._clock.now()
        headers = {**_HEADERS, **signed(errand.event, errand.body, errand.secrets, now)}
        async with self._session.post(
            URL(errand.url), data=errand.body, headers=headers, allow_redirects=False, timeout=self._timeout
        ) as answer:
            if not answer.content.is_eof():
                await _end(answer, self._ending)
            return answer.status, None, self._asked(answer.headers)

    def _asked(self, headers: Mapping[str, str]) -> float | None:
        text = headers.get("Retry-After")
        return None if text is None else retry_after(text, self._clock.now())


async def _end(answer: aiohttp.ClientResponse, seconds: float) -> None:
    """The status has been heard: what else is said counts for nothing, and for no longer than a moment."""
    left = LARGEST_REPLY
    with suppress(TimeoutError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(seconds):
            while left > 0:
                part = await answer.content.read(left)
                if not part:
                    return
                left -= len(part)
    answer.close()


def _why(error: BaseException) -> str:
    """Nothing of the answer is repeated, and nothing of where a name leads."""
    if _is_forbidden(error):
        return "its address is not public"
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its name could not be resolved"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "its certificate is not valid, or TLS failed"
        case aiohttp.ClientConnectorError():
            return "no connection could be made"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return "it broke the connection before it answered"
        case aiohttp.ClientResponseError() | aiohttp.ClientPayloadError():
            return "its answer was not HTTP"
        case _:
            return f"it could not be sent ({type(error).__name__})"


def _is_forbidden(error: BaseException | None) -> bool:
    if error is None or isinstance(error, ForbiddenAddressError):
        return error is not None
    return _is_forbidden(error.__cause__)
