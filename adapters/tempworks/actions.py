"""Kinds of messages. Some of them deactivate the person, or bar them: those are never used, nor what is not known."""

from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import ACTIONS
from adapters.tempworks.lists import at_once
from adapters.tempworks.routing import PROVIDER, Wiring, numeric
from ports.errors import InvalidInputError

FRESH_SECONDS = 60.0
_NEEDED = ("isActive", "canWrite", "isEmployeeRelevant")
_BARRED = ("isDeact", "isReact", "isDoNotAssign", "isAvailability")
NO_ACTION = "the connection has no message_action_id: without one no note is written, as some kinds deactivate people"


class Actions:
    """The customer's own list, looked at before each use; for a minute it counts as the same."""

    uses: tuple[Endpoint[wire.Listing], ...] = (ACTIONS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._clock = wiring.clock
        self._known: dict[str, wire.MessageAction] = {}
        self._until = float("-inf")

    def chosen(self, action_type: str | None) -> str:
        """The number of the action asked for, or of the usual one. Raises InvalidInputError where there is none."""
        wanted = action_type or self._settings.message_action_id
        if wanted is None:
            raise InvalidInputError(NO_ACTION, field="message_action_id", provider=PROVIDER)
        return numeric(wanted, "action_type")

    async def harmless(self, action_type: str | None) -> int:
        """The same, when it surely does nothing to the person. Raises InvalidInputError else."""
        number = self.chosen(action_type)
        action = (await self._list()).get(number)
        if action is None:
            raise self._refused(number, "is not among the customer's")
        if lacking := [name for name in _NEEDED if codec.flag(getattr(action, name)) is not True]:
            raise self._refused(number, f"may not be used for candidates: not {', '.join(lacking)}")
        if effects := [name for name in _BARRED if codec.flag(getattr(action, name)) is not False]:
            raise self._refused(number, f"may do something to the person: {', '.join(effects)}")
        return int(number)

    async def _list(self) -> dict[str, wire.MessageAction]:
        now = self._clock.monotonic()
        if now >= self._until:
            rows = await at_once(self._calls, ACTIONS, wire.MessageAction, query={"active": "true"})
            self._known = {codec.ident(row.actionId, "$.actionId"): row for row in rows}
            self._until = now + FRESH_SECONDS
        return self._known

    def _refused(self, number: str, why: str) -> InvalidInputError:
        return InvalidInputError(f"message action {number} {why}", field="action_type", provider=PROVIDER)
