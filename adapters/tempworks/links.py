"""The one host of a connection, and the log-in server beside it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from adapters.deps import Deps
from adapters.elsewhere import Elsewhere
from adapters.rest.answer import Answer
from adapters.rest.api import Api
from adapters.rest.auth import ApiKey, Auth, Basic, ClientCredentials
from adapters.rest.link import Link
from adapters.rest.sessions import Pair
from adapters.rest.verdicts import Row, Verdict
from adapters.tempworks.endpoints import DOWNLOAD, FILE_ELSEWHERE, FILES
from adapters.tempworks.routing import PROVIDER, VERDICTS, routed
from adapters.tempworks.settings import WINDOW, Credentials, Method, Settings, way_of
from domain.errors import InvalidError
from domain.ids import ConnectionId
from ports.turns import Host, Rate

ACCEPT = {"Accept": "application/json"}
STANDARD = "standard"


def opened(connection: ConnectionId, settings: Settings, credentials: Credentials | None, deps: Deps) -> Api:
    """The API of one connection. Without credentials or sessions nothing can be called over it.

    Raises `InvalidError` for credentials of another way to log in than the settings name.
    """
    links: dict[str, Link] = {}
    if credentials is not None and way_of(credentials) is not settings.auth:
        raise InvalidError.at("/auth", f"is {settings.auth}, and the credentials are for another way to log in")
    if credentials is not None and deps.verified is not None:
        host = Host(connection, STANDARD, deps.revision)
        auth = _auth(host, settings, credentials, deps, deps.verified)
        links[STANDARD] = Link(
            base_url=settings.base_url,
            sessions=deps.verified,
            auth=auth,
            host=host,
            rate=_rate(settings),
            headers=ACCEPT,
            silence=silence,
        )
    return Api(provider=PROVIDER, links=links, turns=deps.turns, clock=deps.clock, retry=deps.retry, verdicts=VERDICTS)


class Downloads:
    """Files by their path; where they are led elsewhere they are fetched from there, without telling who asks."""

    def __init__(self, connection: ConnectionId, settings: Settings, api: Api, deps: Deps) -> None:
        self._row = routed(DOWNLOAD, settings)
        self._api = api.reading(VERDICTS.after(Row(Verdict.DONE, range(301, 309), says=_leads_on))).using([self._row])
        self._elsewhere = Elsewhere(
            provider=PROVIDER,
            own=settings.base_url,
            row=FILE_ELSEWHERE,
            host=Host(connection, FILES, deps.revision),
            rate=_rate(settings),
            deps=deps,
            any_port=True,
        )

    async def __call__(self, path: Mapping[str, str]) -> bytes:
        """Raises MalformedReplyError for an address that may not be asked."""
        answered = await self._api.answer(self._row, path=path)
        if answered.status < 300:
            return answered.decoded
        return await self._elsewhere.fetch(answered.headers["Location"])


def _leads_on(answer: Answer) -> bool:
    return bool(answer.headers.get("Location"))


def _rate(settings: Settings) -> Rate:
    return Rate(settings.rate_limit * WINDOW, WINDOW, settings.in_flight)


def silence(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the window ends whose requests are used up; None where the headers do not say both.

    Clocks differ: no window is longer than its five seconds, whatever the end would be by ours.
    """
    if headers.get("x-rate-limit-remaining", "").strip() != "0":
        return None
    end = _moment(headers.get("x-rate-limit-reset", "").strip())
    left = None if end is None else (end - now).total_seconds()
    return None if left is None or left <= 0 else min(left, WINDOW)


def _moment(text: str) -> datetime | None:
    """ISO 8601, or seconds since 1970: which of them is not documented."""
    try:
        if text.replace(".", "", 1).isdecimal():
            return datetime.fromtimestamp(float(text), UTC)
        told = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _auth(host: Host, settings: Settings, credentials: Credentials, deps: Deps, sessions: Pair) -> Auth:
    match settings.auth:
        case Method.TOKEN:
            return ApiKey({"x-tw-token": credentials.token})
        case Method.BASIC:
            return Basic(credentials.account_sid, credentials.auth_token)
        case Method.OAUTH:
            return ClientCredentials(
                provider=PROVIDER,
                turns=deps.turns,
                host=host,
                clock=deps.clock,
                sessions=sessions,
                token_url=settings.login_url,
                client_id=credentials.client_id,
                client_secret=credentials.client_secret,
                extra={
                    "grant_type": "tw_vendor_service_credentials",
                    "acr_values": f"tenant:{credentials.tenant} pid:{credentials.product_instance}",
                },
            )
