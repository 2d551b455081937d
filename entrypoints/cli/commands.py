"""`atsbridge commands`: requests put straight into the command table, without HTTP."""

from pathlib import Path

from cyclopts import App

from entrypoints.cli.service import exit_on_faults, opened
from entrypoints.lifecycle import bridge_of
from ports.intake import Taken

app = App(name="commands", help="Requests put straight into the command table.")


@app.command
@exit_on_faults
async def add(event: Path, *, connection: str) -> None:
    """Insert an event; it prints the id of the write-back, which is the same one if the event was there before.

    A job, candidate or application has no write-back: it prints whether it was kept.

    Parameters
    ----------
    event
        A file with a CloudEvent 1.0 in JSON, of a type that the queue takes: `atsbridge.call-result.v1`,
        `.screening.v1`, `.job.v1`, `.candidate.v1` or `.application.v1`.
    connection
        The connection that the event's subject must name.
    """
    raw = event.read_bytes()
    async with opened() as container:
        accepted = await bridge_of(container)(raw, connection)
    if isinstance(accepted, Taken):
        print("kept" if accepted.changed else "was there already", flush=True)
    else:
        print(f"{accepted.id} {'accepted' if accepted.new else 'was there already'}", flush=True)
