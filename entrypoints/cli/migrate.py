"""`atsbridge migrate`: the database's schema."""

from adapters.persistence.migrate import migrate as to_newest
from entrypoints.cli.service import exit_on_faults
from entrypoints.settings import load


@exit_on_faults
async def migrate() -> None:
    """Bring the database to the newest schema; `serve`, `web` and `work` do so at their start."""
    await to_newest(load().database)
