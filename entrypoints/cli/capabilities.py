"""`atsbridge capabilities`: what each provider can do, from the code."""

import json as json_format
from pathlib import Path

from adapters.clock import SystemClock
from adapters.deps import Deps
from adapters.providers import Catalogue
from adapters.turns.in_process import InProcessTurns
from entrypoints.cli.generated import kept_or_written
from entrypoints.coverage_page import as_data, as_markdown, table


def capabilities(*, json: bool = False, check: Path | None = None, write: Path | None = None) -> int:
    """Show what each provider can do with default settings.

    Parameters
    ----------
    json
        Print it as JSON.
    check
        Compare the page with this file and end with 1 if it is stale.
    write
        Write the page to this file.
    """
    clock = SystemClock()
    found = table(Catalogue(Deps(turns=InProcessTurns(clock), clock=clock)))
    if json:
        print(json_format.dumps(as_data(found), indent=1))
        return 0
    return kept_or_written(as_markdown(found), check=check, write=write)
