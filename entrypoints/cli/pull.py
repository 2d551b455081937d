"""`atsbridge pull`: what changed in an ATS, read now and watched until it is done."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import attrs
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from domain.ids import ConnectionId, PullId
from domain.policy import RecordType
from domain.pull import PATHS, PullMode, PullState, Tally
from entrypoints.cli.service import exit_on_faults, opened
from entrypoints.container import Container
from ports.clock import Clock
from ports.errors import AccessError
from ports.pulls import Pull
from ports.scope import EVERYTHING

LOOK_EVERY = 0.5
SAY_EVERY = 5.0
_ENDED = frozenset({PullState.DONE, PullState.FAILED})


@exit_on_faults
async def pull(connection: str, *, kind: list[RecordType] | None = None, full: bool = False) -> int:
    """Ask for pulls and follow them until they have ended; 1 if one failed. A worker must run: `serve` or `work`.

    Parameters
    ----------
    connection
        The connection's id.
    kind
        Only records of this kind; may be given again. Without it, all that the provider gives.
    full
        Everything, not only what changed.
    """
    mode = PullMode.FULL if full else PullMode.CHANGES
    async with opened() as container:
        begun = await container.ask_pulls()(EVERYTHING, ConnectionId(connection), kind or (), mode)
        screen = screen_of(Console(), container.clock())
        with screen:
            ended = await follow(begun, looking(container), screen.show, container.clock())
    print(summary(ended), flush=True)
    return 1 if any(one.state is PullState.FAILED for one in ended) else 0


def looking(container: Container) -> Callable[[Pull], Awaitable[Pull]]:
    """How a pull stands now. Raises AccessError where nothing will come of it before a person has acted."""

    async def look(pull: Pull) -> Pull:
        stores = container.stores()
        if pull.state is PullState.WAITING:
            parked = (await stores.connections.get(EVERYTHING, pull.connection)).parked
            if parked is not None:
                raise AccessError(f"the connection is parked: {parked}")
        return await stores.pulls.get(EVERYTHING, pull.connection, pull.id)

    return look


async def follow(
    begun: Sequence[Pull], look: Callable[[Pull], Awaitable[Pull]], show: Callable[[Pull], None], clock: Clock
) -> tuple[Pull, ...]:
    """Looks every half second until all have ended; the answer is how."""
    latest = tuple(begun)
    while True:
        for one in latest:
            show(one)
        if all(one.state in _ENDED for one in latest):
            return latest
        await clock.sleep(LOOK_EVERY)
        latest = tuple([one if one.state in _ENDED else await look(one) for one in latest])


def summary(ended: Sequence[Pull]) -> str:
    """The last line: how many went well, and what became of all records."""
    failed = sum(one.state is PullState.FAILED for one in ended)
    counts = attrs.asdict(sum((one.tally for one in ended), Tally()))
    return f"pull: {len(ended) - failed} done, {failed} failed; " + ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in counts.items()
    )


def line_of(pull: Pull) -> str:
    """How a pull stands."""
    about = f" of about {pull.expected}" if pull.expected is not None else ""
    state = "waiting for a worker" if pull.state is PullState.WAITING and pull.reason is None else pull.state.value
    read = f", {pull.tally.read}{about} read" if pull.tally.read else ""
    return f"{PATHS[pull.kind]}: {state}{read}" + (f": {pull.reason}" if pull.reason else "")


class Lines(nullcontext[None]):
    """A line when a pull's state changes, and every few seconds while it goes on."""

    def __init__(self, write: Callable[[str], None], clock: Clock) -> None:
        super().__init__()
        self._write = write
        self._clock = clock
        self._said: dict[PullId, tuple[PullState, str | None, float]] = {}

    def show(self, pull: Pull) -> None:
        now = self._clock.monotonic()
        state, reason, at = self._said.get(pull.id, (None, None, now))
        if (state, reason) != (pull.state, pull.reason) or (pull.state not in _ENDED and now - at >= SAY_EVERY):
            self._said[pull.id] = (pull.state, pull.reason, now)
            self._write(line_of(pull))


class Bars(AbstractContextManager["Bars"]):
    """A bar for each pull, on a terminal; it runs to and fro where nobody knows how much there is."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console)
        self._tasks: dict[PullId, TaskID] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, pull: Pull) -> None:
        if pull.id not in self._tasks:
            self._tasks[pull.id] = self._progress.add_task(line_of(pull), total=None)
        read = pull.tally.read
        total = max(read, 1) if pull.state is PullState.DONE else pull.expected
        done = total if pull.state is PullState.DONE else read
        self._progress.update(self._tasks[pull.id], description=line_of(pull), completed=done, total=total)


def screen_of(console: Console, clock: Clock) -> Bars | Lines:
    """Bars on a terminal, lines elsewhere."""
    return Bars(console) if console.is_terminal else Lines(_say, clock)


def _say(line: str) -> None:
    print(line, flush=True)
