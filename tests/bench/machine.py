"""The machine a measurement runs on: which core does what, where files lie, processes with one task."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
WORKING, SERVING = _CORES[0], _CORES[-1]
"""Whoever is measured has the first core, what it talks to has the last one."""


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Processes started in the block stay on that core. On a machine with one, all share it."""
    if len(_CORES) == 1:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def a_folder() -> Iterator[Path]:
    """Beside the results, so that it is on a disk: a folder for temporary files may be in memory."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build, prefix="bench-") as folder:
        yield Path(folder)


async def figures_of(
    module: str, task: Mapping[str, Any], *, python: Path | str = sys.executable, core: int = WORKING
) -> Mapping[str, float]:
    """Runs a module on a core, hands it the task as JSON, and reads its figures from its last line of output.

    Raises RuntimeError with its errors when it fails.
    """
    with on_core(core):
        process = await asyncio.create_subprocess_exec(
            *(python, "-m", module, json.dumps(task)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    out, err = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} failed:\n{err.decode()[-3000:]}")
    found: Mapping[str, float] = json.loads(out.decode().splitlines()[-1])
    return found


def handed() -> Any:
    """The task: what `figures_of` handed to this process."""
    return json.loads(sys.argv[-1])


_STATUS = "/proc/{}/status"


def lacking_proc() -> str | None:
    """What memory is read from, if it is not there."""
    return None if Path(_STATUS.format("self")).exists() else "the /proc of Linux"


def resident_mb(process: int | str = "self") -> float:
    """What a process has in memory now."""
    return _memory_mb(process, "VmRSS")


def peak_mb(process: int | str = "self") -> float:
    """The most that a process ever had in memory."""
    return _memory_mb(process, "VmHWM")


def grown_mb(idle: float) -> float:
    """By how much this process had more in memory than when it was idle, at most."""
    return max(0.0, peak_mb() - idle)


def _memory_mb(process: int | str, name: str) -> float:
    lines = Path(_STATUS.format(process)).read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
