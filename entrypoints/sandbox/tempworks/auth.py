"""Three ways to say who one is: a personal access token, the same as Basic, or a token of the log-in server."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import timedelta

from entrypoints.sandbox.fields import TEXT, Field
from entrypoints.sandbox.host import Gate
from entrypoints.sandbox.tempworks.manners import TempWorksManners, forbidden
from entrypoints.sandbox.tempworks.state import State, Token
from entrypoints.sandbox.wire import Ask, Refusal, Reply

TOKEN_FIELDS = (
    Field("grant_type", TEXT),
    Field("client_id", TEXT),
    Field("client_secret", TEXT),
    Field("acr_values", TEXT),
    Field("usertype", TEXT),
    Field("username", TEXT),
    Field("password", TEXT),
    Field("refresh_token", TEXT),
    Field("scope", TEXT),
)
# What one public client asks for; the one who makes a personal access token ticks the same.
SCOPES = (
    "assignment-write contact-write customer-write document-write employee-write hotlist-write message-write"
    " ordercandidate-write order-write universal-search"
)
ACCESS_TOKEN, OAUTH, NOBODY = "token", "oauth", "nobody"
"""Whose requests are counted together."""


def caller(state: State, headers: Mapping[str, str]) -> str:
    """Who asks, whether or not they may."""
    given = state.credentials
    if "x-tw-token" in headers:
        return ACCESS_TOKEN if headers["x-tw-token"] == given["token"] else NOBODY
    scheme, _, rest = headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "basic":
        return ACCESS_TOKEN if _basic(rest) == (given["account_sid"], given["auth_token"]) else NOBODY
    return OAUTH if scheme == "Bearer" and rest in state.tokens else NOBODY


def _admit(state: State, host: str, ask: Ask) -> None:
    who, switches = caller(state, ask.headers), state.switches
    dead = switches.token_inactive or switches.token_expired
    if who == OAUTH:
        dead = state.tokens[ask.authorization.partition(" ")[2]].until <= ask.now
    if who == NOBODY or dead:
        raise Refusal(TempWorksManners().denied())
    if host == "api":
        _refuse_scope(switches.missing_scopes.split(","), ask)


def _refuse_scope(gone: list[str], ask: Ask) -> None:
    scope = needed(ask.method, ask.path)
    held = {scope, scope.replace("-read", "-write")} & set(SCOPES.split()) - set(gone)
    if scope and not held:
        raise Refusal(forbidden(f"Missing scope {scope}"))


def needed(method: str, path: str) -> str:
    """The scope that a request needs; who may write may read as well. Which lists need none is assumed."""
    parts = path.casefold().strip("/").split("/")
    if parts[:2] in (["search", "universalphone"], ["search", "universalemail"]):
        return "universal-search"
    word = _word(parts)
    # Advanced searches are sent like writes and are none.
    reads = method == "GET" or parts[0] == "search"
    return f"{word}-{'read' if reads else 'write'}" if word else ""


def _word(parts: list[str]) -> str | None:
    below = {"messages": "message", "documents": "document", "candidates": "ordercandidate"}
    above = {
        "employees": "employee",
        "joborders": "order",
        "jobs": "order",
        "assignments": "assignment",
        "1": "employee",
        "8": "order",
        "14": "assignment",
    }
    if len(parts) > 2 and parts[2] in below:
        return below[parts[2]]
    return above.get(parts[1] if parts[0] == "search" and len(parts) > 1 else parts[0])


def _kill(state: State, _host: str, headers: Mapping[str, str]) -> None:
    who = caller(state, headers)
    if who == ACCESS_TOKEN:
        state.switches.token_inactive = True
    if who == OAUTH:
        del state.tokens[headers["Authorization"].partition(" ")[2]]


def _kill_all(state: State) -> None:
    """Personal access tokens do not run out by themselves: only those of the log-in server end."""
    state.tokens.clear()


GATE = Gate[State](admit=_admit, kill=_kill, kill_all=_kill_all)


def take_token(state: State, ask: Ask) -> Reply:
    body, given = ask.body, state.credentials
    if (body.get("client_id"), body.get("client_secret")) != (given["client_id"], given["client_secret"]):
        return _error("invalid_client")
    if body.get("acr_values") != f"tenant:{given['tenant']} pid:{given['product_instance']}":
        return _error("invalid_request")
    match body.get("grant_type"):
        case "tw_vendor_service_credentials":
            return _issued(state, ask, user=False)
        case "tw_vendor_webuser":
            known = (body.get("username"), body.get("password")) == (given["user_name"], given["password"])
            return _issued(state, ask, user=True) if known and body.get("usertype") else _error("invalid_grant")
        case "refresh_token":
            return _refreshed(state, ask)
        case _:
            return _error("unsupported_grant_type")


def _refreshed(state: State, ask: Ask) -> Reply:
    """A refresh token is good for once."""
    wanted = ask.body.get("refresh_token")
    old = next((name for name, token in state.tokens.items() if wanted and token.refresh == wanted), None)
    if old is None:
        return _error("invalid_grant")
    del state.tokens[old]
    return _issued(state, ask, user=True)


def _issued(state: State, ask: Ask, *, user: bool) -> Reply:
    # Numbered rather than random, so that recordings come out the same.
    state.issued += 1
    seed = hashlib.sha256(f"{state.issued} {ask.now.isoformat()}".encode()).hexdigest()
    token, refresh = f"tw-access-{seed[:32]}", f"tw-refresh-{seed[32:]}" if user else None
    seconds = state.switches.token_seconds
    state.tokens[token] = Token(until=ask.now + timedelta(seconds=seconds), refresh=refresh)
    body = {"access_token": token, "expires_in": seconds, "token_type": "Bearer", "scope": SCOPES}
    return Reply(body=body | ({"refresh_token": refresh} if refresh else {}))


def _error(name: str) -> Reply:
    return Reply(status=400, body={"error": name})


def _basic(encoded: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
