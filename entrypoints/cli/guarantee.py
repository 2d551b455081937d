"""`atsbridge guarantee`: what a lost reply ends as, from the code."""

from pathlib import Path

from adapters.clock import SystemClock
from adapters.deps import Deps
from adapters.providers import Catalogue
from adapters.turns.in_process import InProcessTurns
from entrypoints.cli.generated import kept_or_written
from entrypoints.guarantee_page import as_table, placed


def guarantee(*, check: Path | None = None, write: Path | None = None) -> int:
    """Show, for each provider and kind of effect, what becomes of it if the reply to its request is lost.

    Parameters
    ----------
    check
        Compare the table with the one between the marks of this page and end with 1 if it is stale.
    write
        Put the table between the marks of this page.
    """
    clock = SystemClock()
    table = as_table(Catalogue(Deps(turns=InProcessTurns(clock), clock=clock)))
    page = check or write
    text = table if page is None else placed(page.read_text(encoding="utf-8"), table)
    return kept_or_written(text, check=check, write=write)
