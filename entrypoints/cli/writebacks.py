"""`atsbridge writebacks`: what became of results, and what a person decides of those that are held."""

from typing import Annotated, TypeAlias

from cyclopts import App, Parameter
from cyclopts.validators import Number

from domain.ids import CommandId, ConnectionId
from domain.writeback import WriteBackState
from entrypoints.cli.service import exit_on_faults, opened, show
from entrypoints.web.replies import write_back_reply
from ports.commands import SettleAs
from ports.scope import EVERYTHING

Limit: TypeAlias = Annotated[int, Parameter(validator=Number(gte=1, lte=10_000))]
app = App(name="writebacks", help="Write-backs: listed, shown, replayed, settled.")


@app.command(name="list")
@exit_on_faults
async def list_some(
    *, state: WriteBackState | None = None, connection: str | None = None, limit: Limit = 50, after: str | None = None
) -> None:
    """Show write-backs, newest first, one JSON line each.

    Parameters
    ----------
    state
        Only those in this state.
    connection
        Only those of this connection.
    limit
        How many.
    after
        Only those older than this one.
    """
    wanted = None if connection is None else ConnectionId(connection)
    async with opened() as container:
        commands = container.stores().commands
        for one in await commands.page(EVERYTHING, state=state, connection=wanted, after=after, limit=limit):
            show(write_back_reply(one))


@app.command(name="show")
@exit_on_faults
async def show_one(writeback: str) -> None:
    """Show one with its effects."""
    async with opened() as container:
        show(write_back_reply(await container.stores().commands.get(EVERYTHING, CommandId(writeback))))


@app.command
@exit_on_faults
async def replay(writeback: str) -> None:
    """Let a refused, held or dead one go on: what is not confirmed, under the same keys."""
    async with opened() as container:
        show(write_back_reply(await container.stores().commands.replay(EVERYTHING, CommandId(writeback))))


@app.command
@exit_on_faults
async def settle(writeback: str, n: int, settle_as: SettleAs) -> None:
    """Settle a held effect by your own look at the ATS.

    Parameters
    ----------
    writeback
        Its id.
    n
        The number of the effect.
    settle_as
        `done` if it stands in the ATS, `resend` if it does not.
    """
    async with opened() as container:
        settled = await container.stores().commands.settle(EVERYTHING, CommandId(writeback), n, settle_as)
        show(write_back_reply(settled))
