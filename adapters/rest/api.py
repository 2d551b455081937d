"""Calling endpoints: retry( turn( credentials -> begin -> send )), then judge and read."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import attrs
import structlog

from adapters.rest import address, redact
from adapters.rest.address import Query
from adapters.rest.answer import Answer, Answered, Unreadable, decode
from adapters.rest.auth import Pass
from adapters.rest.body import Body
from adapters.rest.endpoint import Endpoint
from adapters.rest.exchange import Broken, Request, exchange
from adapters.rest.link import NONE, Link
from adapters.rest.prepared import Prepared
from adapters.rest.retry import RetryPolicy, repeated, retry_after
from adapters.rest.verdicts import BREAKS, DEFAULT, Asked, Failed, Row, Verdict, VerdictTable, failed, malformed
from ports.attempt import Attempt
from ports.clock import Clock
from ports.errors import UnavailableError
from ports.turns import Turns

__all__ = ["Api", "Link"]

T = TypeVar("T")

# A token that somebody else's log-in has ended just now says nothing against the credentials; three in a row do.
_RENEWALS = 2

log = structlog.get_logger(__name__)


@attrs.frozen(kw_only=True)
class _Heard:
    outcome: Answer | Broken
    verdict: Verdict
    words: str
    shown: Pass


class Api:
    """One provider's endpoints over one connection's links.

    `verdicts` reads what the vendor's answers mean; `uses`, if given, are the only rows that may be called.
    """

    def __init__(
        self,
        *,
        provider: str,
        links: Mapping[str, Link],
        turns: Turns,
        clock: Clock,
        retry: RetryPolicy,
        verdicts: VerdictTable = DEFAULT,
        uses: frozenset[Endpoint[Any]] | None = None,
    ) -> None:
        self._provider = provider
        self._links = links
        self._turns = turns
        self._clock = clock
        self._retry = retry
        self._verdicts = verdicts
        self._uses = uses

    def using(self, endpoints: Iterable[Endpoint[Any]]) -> "Api":
        """The same, for these rows only: any other is a programming error, `TypeError`."""
        return Api(
            provider=self._provider,
            links=self._links,
            turns=self._turns,
            clock=self._clock,
            retry=self._retry,
            verdicts=self._verdicts,
            uses=frozenset(endpoints),
        )

    def judging(self, *rows: Row) -> "Api":
        """The same, with further lines before those that say what answers mean."""
        return Api(
            provider=self._provider,
            links=self._links,
            turns=self._turns,
            clock=self._clock,
            retry=self._retry,
            verdicts=self._verdicts.after(*rows),
            uses=self._uses,
        )

    def reading(self, verdicts: VerdictTable) -> "Api":
        """The same, with answers that mean something else."""
        return Api(
            provider=self._provider,
            links=self._links,
            turns=self._turns,
            clock=self._clock,
            retry=self._retry,
            verdicts=verdicts,
            uses=self._uses,
        )

    async def call(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] = NONE,
        query: Query = NONE,
        body: Body | None = None,
        attempt: Attempt | None = None,
        url: str | None = None,
    ) -> T:
        """Call the row and read its answer. Raises what `ports.errors` holds, nothing else.

        `path` fills the template; `query` may hold several values a name. `url` stands for both: an address out of
        a reply, which must lie on the link's own origin. An unsafe row needs an `attempt`, which is begun directly
        before each send; a repeatable row leaves it alone.
        """
        answered = await self.answer(endpoint, path=path, query=query, body=body, attempt=attempt, url=url)
        return answered.decoded

    async def answer(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] = NONE,
        query: Query = NONE,
        body: Body | None = None,
        attempt: Attempt | None = None,
        url: str | None = None,
    ) -> Answered[T]:
        """As `call`, with status, headers and the body's bytes."""
        self._permit(endpoint, attempt, url)
        asked = Asked(provider=self._provider, endpoint=endpoint, path=path)
        link = self._links[endpoint.host]
        target = address.built(asked, link.base_url, query) if url is None else address.given(asked, link.origin, url)
        call = Prepared(asked=asked, link=link, url=target, body=body, attempt=attempt)
        outcome = await self._repeated(call, endpoint)
        if isinstance(outcome, Failed):
            raise outcome.error
        return outcome

    def _permit(self, endpoint: Endpoint[Any], attempt: Attempt | None, url: str | None) -> None:
        if self._uses is not None and endpoint not in self._uses:
            raise TypeError(f"{endpoint.name} is not among the rows that this part says it uses")
        if not endpoint.repeatable and (attempt is None or url is not None):
            raise TypeError(f"{endpoint.name} is unsafe: it needs an attempt, and an address of its own")

    async def _repeated(self, call: Prepared, endpoint: Endpoint[T]) -> Answered[T] | Failed:
        async def one(number: int) -> Answered[T] | Failed:
            try:
                return await self._try(call, endpoint, number)
            except UnavailableError as error:
                # A turn or a log-in was not to be had: surely nothing was sent.
                return Failed(error, again=True)

        return await repeated(self._retry, self._clock, one, _again, _hint)

    async def _try(self, call: Prepared, endpoint: Endpoint[T], number: int) -> Answered[T] | Failed:
        heard = await self._turn(call, number)
        for _ in range(_RENEWALS):
            if heard.verdict is not Verdict.SIGNED_OUT or not await call.link.auth.refused(heard.shown):
                break
            heard = await self._turn(call, number)
        return await self._settled(call, endpoint, heard)

    async def _turn(self, call: Prepared, number: int) -> _Heard:
        # A log-in takes its time: turns that were taken before it would all be used at once after it.
        await call.link.auth.show()
        async with self._turns.take(call.link.host, call.link.rate, flight=call.asked.endpoint.timeout):
            shown = await call.link.auth.show()
            request = call.request(shown)
            if call.attempt is not None and not request.repeatable:
                # Nothing may stand between this line and the send: from here on the effect counts as under way.
                await call.attempt.begin(request.seconds)
            outcome = await self._exchanged(call, request, number)
            if isinstance(outcome, Answer):
                await self._heed(call.link, outcome)
        verdict, words = (BREAKS[outcome.how], "") if isinstance(outcome, Broken) else self._verdicts.judge(outcome)
        return _Heard(outcome=outcome, verdict=verdict, words=words, shown=shown)

    async def _heed(self, link: Link, answer: Answer) -> None:
        """What the host says of its limits. The request was sent: nobody may hear that this could not be kept."""
        with suppress(UnavailableError):
            if (most := link.borne(answer.headers)) is not None:
                await self._turns.bear(link.host, most)
            if silence := link.silence(answer.headers, self._clock.now()):
                await self._turns.hold_back(link.host, silence)

    async def _exchanged(self, call: Prepared, request: Request, number: int) -> Answer | Broken:
        sessions = call.link.sessions
        start = self._clock.monotonic()
        outcome = await exchange(sessions.reads if request.repeatable else sessions.writes, request)
        seconds = self._clock.monotonic() - start
        log.debug("request", **redact.described(call.asked, outcome, seconds=seconds, attempt=number))
        return outcome

    async def _settled(self, call: Prepared, endpoint: Endpoint[T], heard: _Heard) -> Answered[T] | Failed:
        outcome = heard.outcome
        if isinstance(outcome, Broken):
            return failed(heard.verdict, call.asked, outcome.cause)
        if heard.verdict is Verdict.DONE:
            value = decode(endpoint.reply, outcome.body)
            if isinstance(value, Unreadable):
                return malformed(call.asked, value.path)
            return Answered(outcome.status, outcome.headers, outcome.body, value)
        hint = retry_after(outcome.headers.get("Retry-After"), self._clock.now())
        if heard.verdict is Verdict.THROTTLED:
            told = call.link.silence(outcome.headers, self._clock.now()) if hint is None else hint
            silence = told if told is not None else min(call.link.rate.seconds, self._retry.longest_wait)
            await self._turns.hold_back(call.link.host, silence)
        detail = f"{outcome.status}: {heard.words}" if heard.words else str(outcome.status)
        return failed(heard.verdict, call.asked, detail, hint=hint)


def _again(outcome: Answered[Any] | Failed) -> bool:
    return isinstance(outcome, Failed) and outcome.again


def _hint(outcome: Answered[Any] | Failed) -> float | None:
    error = outcome.error if isinstance(outcome, Failed) else None
    return error.retry_after if isinstance(error, UnavailableError) else None
