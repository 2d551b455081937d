"""Who we are to a host: fixed keys, or tokens that are logged in for once whoever asks."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

import aiohttp
import attrs
from yarl import URL

from adapters.rest.answer import Answer, Unreadable, decode
from adapters.rest.body import form_body
from adapters.rest.exchange import Broken, Request, exchange
from adapters.rest.retry import retry_after
from adapters.rest.sessions import Pair
from ports.clock import Clock
from ports.errors import AccessError, PortError, RefusedError, UnavailableError
from ports.turns import Host, Token, Turns

EARLY = 300.0  # seconds before its end at which a token is renewed
LIFETIME = 1200.0  # seconds that a token is taken to live when the vendor does not say
LOG_IN_SECONDS = 30.0
LARGEST_TOKEN_REPLY = 1024 * 1024
NOTHING: Mapping[str, str] = MappingProxyType({})


@attrs.frozen
class Pass:
    """What a request shows: its headers, and the version of the token in them."""

    headers: Mapping[str, str] = attrs.field(repr=False)
    version: int = 0


class Auth(Protocol):
    """Credentials of one host."""

    @abstractmethod
    async def show(self) -> Pass:
        """The headers for one request. Raises `AccessError` or `UnavailableError` when a log-in fails."""

    @abstractmethod
    async def refused(self, shown: Pass) -> bool:
        """A 401 answered `shown`: renew once. True if there is now something else to show."""


@attrs.frozen
class ApiKey(Auth):
    """Headers that never change; with none of them, nobody in particular."""

    headers: Mapping[str, str] = attrs.field(default=NOTHING, repr=False)

    async def show(self) -> Pass:
        return Pass(self.headers)

    async def refused(self, shown: Pass) -> bool:  # noqa: ARG002 - there is nothing to renew
        return False


@attrs.frozen
class Basic(Auth):
    """HTTP basic authentication. `show` raises `ValueError` for a colon in the user name, which it cannot carry."""

    user_name: str
    password: str = attrs.field(repr=False)

    async def show(self) -> Pass:
        return Pass({"Authorization": aiohttp.encode_basic_auth(self.user_name, self.password)})

    async def refused(self, shown: Pass) -> bool:  # noqa: ARG002 - there is nothing to renew
        return False


@attrs.frozen(kw_only=True)
class LogIn(Auth):
    """Tokens from `log_in`, shared through `turns` by all who use `host`. `header` carries them after `scheme`.

    A log-in changes nothing in the ATS, so its failures are only two: `AccessError` when it was refused, else
    `UnavailableError`.
    """

    turns: Turns
    host: Host
    log_in: Callable[[], Awaitable[Token]] = attrs.field(repr=False)
    header: str = "Authorization"
    scheme: str = "Bearer"

    async def show(self) -> Pass:
        token = await self.turns.token(self.host, self._logged_in)
        return Pass({self.header: f"{self.scheme} {token.secret}".strip()}, token.version)

    async def refused(self, shown: Pass) -> bool:
        token = await self.turns.token(self.host, self._logged_in, unlike=shown.version)
        return token.version != shown.version

    async def _logged_in(self) -> Token:
        try:
            return await self.log_in()
        except (AccessError, UnavailableError):
            raise
        except RefusedError as refusal:
            raise AccessError(refusal.message, provider=refusal.provider, operation=refusal.operation) from refusal
        except PortError as error:
            raise UnavailableError(error.message, provider=error.provider, operation=error.operation) from error


def fresh(secret: str, lifetime: object = None) -> Token:
    """A token just logged in for. `lifetime` is the vendor's, in seconds: a number, a text, or nothing of use."""
    seconds = _seconds(lifetime)
    return Token(secret, seconds - min(EARLY, seconds / 2))


def _seconds(lifetime: object) -> float:
    try:
        seconds = float(lifetime) if isinstance(lifetime, str | int | float) else LIFETIME
    except (ValueError, OverflowError):
        return LIFETIME
    return seconds if 0 < seconds < float("inf") else LIFETIME


class Style(StrEnum):
    """Where a client puts its id and secret when it asks for a token."""

    BODY = "body"
    BASIC = "basic"


@attrs.frozen
class _TokenReply:
    access_token: str
    expires_in: object = None


@attrs.frozen(kw_only=True)
class ClientCredentials(Auth):
    """OAuth 2.0 client credentials, asked for at `token_url` over `sessions`. `extra` are more fields of the form."""

    provider: str
    turns: Turns
    host: Host
    clock: Clock
    sessions: Pair
    token_url: str
    client_id: str
    client_secret: str = attrs.field(repr=False)
    style: Style = Style.BODY
    extra: Mapping[str, str] = attrs.field(default=NOTHING, repr=False)

    async def show(self) -> Pass:
        return await self._log_in().show()

    async def refused(self, shown: Pass) -> bool:
        return await self._log_in().refused(shown)

    def _log_in(self) -> LogIn:
        return LogIn(turns=self.turns, host=self.host, log_in=self._ask)

    async def _ask(self) -> Token:
        outcome = await exchange(self.sessions.writes, self._request())
        if isinstance(outcome, Broken):
            raise self._unavailable(f"no answer ({outcome.cause})")
        if outcome.status in {400, 401, 403}:
            raise AccessError(f"{self._who} was refused ({outcome.status})", provider=self.provider)
        return self._token(outcome)

    def _token(self, answer: Answer) -> Token:
        if not 200 <= answer.status < 300:
            hint = retry_after(answer.headers.get("Retry-After"), self.clock.now())
            raise self._unavailable(f"failed ({answer.status})", hint)
        reply = decode(_TokenReply, answer.body)
        if isinstance(reply, Unreadable):
            raise self._unavailable(f"was answered with something else than a token (at {reply.path})")
        return fresh(reply.access_token, reply.expires_in)

    def _request(self) -> Request:
        form = {"grant_type": "client_credentials", **self.extra}
        headers = {"Accept": "application/json"}
        if self.style is Style.BASIC:
            headers["Authorization"] = aiohttp.encode_basic_auth(self.client_id, self.client_secret)
        else:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        body = form_body(form)
        return Request(
            method="POST",
            url=URL(self.token_url),
            headers={**headers, "Content-Type": body.content_type},
            parts=body.parts,
            seconds=LOG_IN_SECONDS,
            largest=LARGEST_TOKEN_REPLY,
            repeatable=True,
        )

    @property
    def _who(self) -> str:
        return f"{self.provider}: the log-in for {self.host.name}"

    def _unavailable(self, what: str, hint: float | None = None) -> UnavailableError:
        return UnavailableError(f"{self._who}: {what}", retry_after=hint, provider=self.provider)
