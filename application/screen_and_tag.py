"""Screen and tag: answers are judged, the candidate is marked as screened, and what the verdict asks for follows."""

from functools import partial

import attrs

from application import hand_in
from application.facts import facts_of_screening
from application.hand_in import Draft, DryRun
from domain.ids import ConnectionId
from domain.plan import plan_screening
from domain.policy import Policy
from domain.screening import Screening
from ports.commands import Accepted, CommandKind, Commands, NewCommand
from ports.connections import Connections
from ports.gateway import Gateway
from ports.scope import Scope


def key_of(screening_id: str) -> str:
    """The command key of a screening, whatever way it came in."""
    return f"screening:{screening_id}"


@attrs.frozen
class ScreenAndTag:
    """Accepts a screening once; the write-back is carried out by whoever claims it."""

    connections: Connections
    commands: Commands

    async def __call__(
        self, scope: Scope, connection: ConnectionId, screening: Screening, *, if_match: str | None = None
    ) -> Accepted:
        """Raises as `PostCallResults` does."""
        new = NewCommand(
            connection=connection,
            key=key_of(screening.screening_id),
            kind=CommandKind.SCREENING,
            subject=f"candidate:{screening.candidate_id}",
            request=screening,
        )
        if if_match is None:
            return await hand_in.accept(self.commands, scope, new)
        planner = partial(self.plan, screening)
        return await hand_in.accept_as_agreed(self.connections, self.commands, scope, new, planner, if_match)

    async def dry_run(self, scope: Scope, connection: ConnectionId, screening: Screening) -> DryRun:
        """What would be carried out, as things stand."""
        planner = partial(self.plan, screening)
        return await hand_in.dry_run(self.connections, scope, connection, key_of(screening.screening_id), planner)

    @staticmethod
    async def plan(screening: Screening, gateway: Gateway, policy: Policy) -> Draft:
        """Reads the facts and plans."""
        facts = await facts_of_screening(gateway, policy, screening)
        return hand_in.drafted(gateway, plan_screening(screening, policy, facts), f"candidate:{screening.candidate_id}")
