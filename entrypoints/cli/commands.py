"""`atsbridge commands`: requests put straight into the command table, without HTTP."""

from pathlib import Path

from cyclopts import App

from entrypoints.cli.service import exit_on_faults, opened
from entrypoints.worker.bridge import Bridge

app = App(name="commands", help="Requests put straight into the command table.")


@app.command
@exit_on_faults
async def add(event: Path, *, connection: str) -> None:
    """Insert an event; it prints the id of the write-back, which is the same one if the event was there before.

    Parameters
    ----------
    event
        A file with a CloudEvent 1.0 in JSON, of type `atsbridge.call-result.v1` or `atsbridge.screening.v1`.
    connection
        The connection that the event's subject must name.
    """
    raw = event.read_bytes()
    async with opened() as container:
        accepted = await Bridge(container.post_call_results(), container.screen_and_tag())(raw, connection)
    print(f"{accepted.id} {'accepted' if accepted.new else 'was there already'}", flush=True)
