"""A Singer tap piped into a target: two processes, timed from their start to their end."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.bench.machine import a_folder, handed

_QUIET = {"LOGLEVEL": "ERROR", "TAP_PAGES_LOGLEVEL": "ERROR", "TARGET_SQLITE_PAGES_LOGLEVEL": "ERROR"}


def _command(module: str, folder: Path, config: dict[str, object]) -> list[str]:
    file = folder / f"{module}.json"
    file.write_text(json.dumps(config))
    return [sys.executable, "-m", f"tests.bench.peers.{module}", "--config", str(file)]


def _piped(port: int, folder: Path) -> list[int]:
    """How both ended."""
    told = os.environ | _QUIET  # noqa: TID251 - where the SDK looks for its level of logging
    reading = _command("singer_tap", folder, {"port": port})
    writing = _command("singer_target", folder, {"path": str(folder / "singer.db")})
    with (
        (folder / "errors").open("w") as log,
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=log, env=told) as tap,
        subprocess.Popen(writing, stdin=tap.stdout, stdout=subprocess.DEVNULL, stderr=log, env=told) as target,
    ):
        assert tap.stdout is not None
        tap.stdout.close()
        return [tap.wait(), target.wait()]


def main(port: int, records: int) -> None:
    with a_folder() as folder:
        start = time.perf_counter()
        ended = _piped(port, folder)
        took = time.perf_counter() - start
        if any(ended):
            raise RuntimeError((folder / "errors").read_text()[-2000:])
        with closing(sqlite3.connect(folder / "singer.db")) as database:
            kept = database.execute("select count(*) from candidates").fetchone()[0]
    if kept != records:
        raise RuntimeError(f"{kept} of {records} are kept")
    print(json.dumps({"per_second": records / took}))


if __name__ == "__main__":
    main(**handed())
