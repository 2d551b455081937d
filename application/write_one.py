"""Write one: a single note, file, tag, move, rejection, field or application, through the same ledger as all else."""

from functools import partial

import attrs

from application import hand_in
from application.facts import facts_of_write
from application.hand_in import Draft, DryRun
from domain.attachment import Attachment
from domain.effect import Target
from domain.ids import ApplicationId, ConnectionId
from domain.plan import plan_write
from domain.policy import Policy, RecordType
from domain.writeback import Facts, Write
from ports.commands import Accepted, CommandKind, Commands, NewCommand
from ports.connections import Connections
from ports.gateway import Gateway
from ports.scope import Scope


@attrs.frozen
class WriteOne:
    """Accepts a write once under its key; the write-back is carried out by whoever claims it."""

    connections: Connections
    commands: Commands

    async def __call__(
        self,
        scope: Scope,
        connection: ConnectionId,
        key: str,
        write: Write,
        files: tuple[Attachment, ...] = (),
    ) -> Accepted:
        """Raises NotFoundError, ConflictError (another write under this key)."""
        new = NewCommand(
            connection=connection,
            key=key,
            kind=CommandKind.WRITE,
            subject=_subject(write.targets[0]),
            request=write,
            files=files,
        )
        return await hand_in.accept(self.commands, scope, new)

    async def dry_run(self, scope: Scope, connection: ConnectionId, key: str, write: Write) -> DryRun:
        """What would be carried out, as things stand."""
        return await hand_in.dry_run(self.connections, scope, connection, key, partial(self.plan, write))

    @staticmethod
    async def plan(write: Write, gateway: Gateway, _: Policy) -> Draft:
        """Reads the facts and plans; whom an application's write concerns is known from then on."""
        facts = await facts_of_write(gateway, write)
        return hand_in.drafted(gateway, plan_write(write, facts), _known_subject(write.targets[0], facts))


def _subject(target: Target) -> str:
    return f"{target.type}:{target.id}"


def _known_subject(target: Target, facts: Facts) -> str:
    if target.type is RecordType.APPLICATION:
        standing = facts.standings.get(ApplicationId(target.id))
        if standing is not None and standing.candidate is not None:
            return f"candidate:{standing.candidate}"
    return _subject(target)
