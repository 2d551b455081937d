"""Two log-ins, two kinds of token: OAuth on the standard host, name and password on the legacy one."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import timedelta

from entrypoints.sandbox.erecruit.manners import ErecruitManners, message, resource
from entrypoints.sandbox.erecruit.state import State, Token
from entrypoints.sandbox.fields import TEXT, Field
from entrypoints.sandbox.host import Gate
from entrypoints.sandbox.wire import Ask, Refusal, Reply

STANDARD, LEGACY = "standard", "legacy"
IDLE = timedelta(minutes=20)
TOKEN_FIELDS = (
    Field("grant_type", TEXT),
    Field("client_id", TEXT),
    Field("client_secret", TEXT),
    Field("scope", TEXT),
)
AUTHENTICATE_FIELDS = (
    Field("UserName", TEXT, required=True),
    Field("Password", TEXT, required=True),
    Field("EntityID", TEXT, required=True),
)
_USER = "6e5ab85a-0000-4000-8000-000000000001"


def take_token(state: State, ask: Ask) -> Reply:
    """Client credentials come in the body or as Basic, never as both."""
    if ask.body.get("grant_type") != "client_credentials":
        return Reply(status=400, body={"error": "unsupported_grant_type"})
    in_body = (ask.body.get("client_id"), ask.body.get("client_secret"))
    basic = _basic(ask.authorization)
    if basic is not None and in_body != (None, None):
        return Reply(status=400, body={"error": "invalid_request"})
    if (basic or in_body) != (state.credentials["client_id"], state.credentials["client_secret"]):
        return Reply(status=400, body={"error": "invalid_client"})
    seconds = state.switches.token_seconds
    token = _issue(state, ask, STANDARD, timedelta(seconds=seconds))
    shown = str(seconds) if state.switches.expires_in_is_text else seconds
    return Reply(body={"access_token": token, "token_type": "bearer", "expires_in": shown})


def authenticate(state: State, ask: Ask) -> Reply:
    given = (ask.body["UserName"], ask.body["Password"], ask.body["EntityID"].casefold())
    names = ("legacy_user_name", "legacy_password", "legacy_entity_id")
    if given != tuple(state.credentials[name] for name in names):
        return message(401, "Invalid user name or password.")
    if state.switches.single_session:
        _drop(state, LEGACY)
    body = {"Token": _issue(state, ask, LEGACY, IDLE), "UserID": _USER}
    if state.switches.legacy_expires:
        body["Expires"] = state.local((ask.now + IDLE).replace(microsecond=0))
    return Reply(body=body)


def _admit(state: State, host: str, ask: Ask) -> None:
    token = state.tokens.get(_bearer(ask.authorization))
    if token is None or token.host != host or token.until <= ask.now:
        raise Refusal(ErecruitManners().denied())
    if host == LEGACY:
        # Idle time slides on this host; on the other one a token just ends.
        token.until = ask.now + IDLE
    if resource(ask.path).casefold() in state.switches.forbidden.casefold().split(","):
        raise Refusal(ErecruitManners().forbidden(ask.path))


def _kill(state: State, host: str, headers: Mapping[str, str]) -> None:
    bearer = _bearer(headers.get("Authorization", ""))
    token = state.tokens.get(bearer)
    if token is not None and token.host == host:
        del state.tokens[bearer]


def _kill_all(state: State) -> None:
    state.tokens.clear()


GATE = Gate[State](admit=_admit, kill=_kill, kill_all=_kill_all)


def _issue(state: State, ask: Ask, host: str, life: timedelta) -> str:
    # Numbered rather than random, so that recordings come out the same.
    state.issued += 1
    seed = f"{host} {state.issued} {ask.now.isoformat()}"
    token = f"{host}-{hashlib.sha256(seed.encode()).hexdigest()[:32]}"
    state.tokens[token] = Token(host=host, until=ask.now + life)
    return token


def _drop(state: State, host: str) -> None:
    for name in [name for name, token in state.tokens.items() if token.host == host]:
        del state.tokens[name]


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token if scheme == "Bearer" else ""


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
