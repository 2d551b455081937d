"""The console script: makes sure that the packages are ours, then hands over to the commands."""

import sys
from importlib import import_module
from pathlib import Path

PACKAGES = ("domain", "ports", "adapters", "application", "entrypoints")


def strangers() -> list[str]:
    """Those of our packages that Python would take from elsewhere: their names are common ones."""
    home = Path(__file__).resolve().parents[2]
    found = {name: import_module(name).__file__ for name in PACKAGES}
    return [name for name, file in found.items() if file is None or Path(file).resolve().parents[1] != home]


def main() -> None:
    """Runs the command line; its exit code is the command's."""
    foreign = strangers()
    if foreign:
        sys.exit(f"atsbridge: another package shadows {', '.join(foreign)}: install it into an environment of its own")
    # Only now: the commands import those packages.
    from entrypoints.cli.app import app  # noqa: PLC0415 - see above

    app()
