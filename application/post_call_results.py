"""Post call results: note, report and fields go into the ATS, then the marks and what the verdict asks for."""

from functools import partial

import attrs

from application import hand_in
from application.facts import facts_of_screening
from application.hand_in import Draft, DryRun
from domain.attachment import Attachment
from domain.call_result import CallResult
from domain.ids import ConnectionId
from domain.plan import plan_call_result
from domain.policy import Policy
from ports.commands import Accepted, CommandKind, Commands, NewCommand
from ports.connections import Connections
from ports.gateway import Gateway
from ports.scope import Scope


def key_of(call_id: str) -> str:
    """The command key of a call's result, whatever way it came in."""
    return f"call-result:{call_id}"


@attrs.frozen
class PostCallResults:
    """Accepts a call result once; the write-back is carried out by whoever claims it."""

    connections: Connections
    commands: Commands

    async def __call__(
        self,
        scope: Scope,
        connection: ConnectionId,
        result: CallResult,
        files: tuple[Attachment, ...] = (),
        *,
        if_match: str | None = None,
    ) -> Accepted:
        """Raises NotFoundError, ConflictError (another result under this call id) and, with `if_match`,

        PlanMovedError and whatever reading the facts raises.
        """
        new = NewCommand(
            connection=connection,
            key=key_of(result.call_id),
            kind=CommandKind.CALL_RESULT,
            subject=f"candidate:{result.candidate_id}",
            request=result,
            files=files,
        )
        if if_match is None:
            return await hand_in.accept(self.commands, scope, new)
        planner = partial(self.plan, result)
        return await hand_in.accept_as_agreed(self.connections, self.commands, scope, new, planner, if_match)

    async def dry_run(self, scope: Scope, connection: ConnectionId, result: CallResult) -> DryRun:
        """What would be carried out, as things stand."""
        planner = partial(self.plan, result)
        return await hand_in.dry_run(self.connections, scope, connection, key_of(result.call_id), planner)

    @staticmethod
    async def plan(result: CallResult, gateway: Gateway, policy: Policy) -> Draft:
        """Reads the facts and plans."""
        facts = await facts_of_screening(gateway, policy, result)
        return hand_in.drafted(gateway, plan_call_result(result, policy, facts), f"candidate:{result.candidate_id}")
