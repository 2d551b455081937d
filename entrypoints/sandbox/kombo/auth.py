"""Who may ask: one key, and the integration that a header names."""

from collections.abc import Mapping

from entrypoints.sandbox.host import Gate
from entrypoints.sandbox.kombo.manners import KomboManners, error, refused
from entrypoints.sandbox.kombo.state import Integration, State
from entrypoints.sandbox.wire import Ask, Refusal

INTEGRATION = "X-Integration-Id"
# What can be asked without naming an integration.
_WITHOUT = ("/v1/check-api-key", "/v1/integrations/")


def _admit(state: State, host: str, ask: Ask) -> None:  # noqa: ARG001 - there is one host only
    if state.switches.key_revoked or ask.authorization != f"Bearer {state.credentials['api_key']}":
        raise Refusal(KomboManners().denied())
    if ask.path.startswith(_WITHOUT):
        return
    if INTEGRATION not in ask.headers:
        raise refused(400, "PLATFORM.INPUT_INVALID", f"The header {INTEGRATION} is required.")
    if ask.headers[INTEGRATION] not in state.integrations:
        raise refused(404, "PLATFORM.INTEGRATION_NOT_FOUND", "There is no such integration.")
    if state.switches.setup:
        raise Refusal(error(409, f"INTEGRATION.{state.switches.setup}", "The integration cannot be used yet."))


def _kill(state: State, host: str, headers: Mapping[str, str]) -> None:
    """Keys do not die of one refusal."""


def _kill_all(state: State) -> None:
    state.switches.key_revoked = True


GATE = Gate[State](admit=_admit, kill=_kill, kill_all=_kill_all)


def integration(state: State, ask: Ask) -> Integration:
    return state.integrations[ask.headers[INTEGRATION]]


def permit(state: State, action: str) -> None:
    """Refuses an action that the customer did not allow."""
    if action in state.switches.forbidden.split(","):
        raise Refusal(KomboManners().forbidden(action))
