"""Comparisons: ours against something, measured in the same run on the same work."""

import json
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import attrs
from rich.console import Console

RESULTS = Path("build/bench.jsonl")

Figures = Mapping[str, float]
_progress = Console(stderr=True)


@attrs.frozen(kw_only=True)
class Side:
    """One of those that are compared. `run` does the work once; `needs` says what is missing to run it at all.

    `rounds` is the most it takes part in: some are too slow to be run as often as the others.
    """

    label: str
    run: Callable[[], Awaitable[Figures]]
    needs: Callable[[], str | None] = lambda: None
    rounds: int = 1_000


@attrs.frozen(kw_only=True)
class Row:
    """A line of the table: one figure of ours over the same of another side, and what that ratio has to be.

    `over` is what the other side's figure is called, where that is another: ours may be measured against itself.
    """

    name: str
    unit: str
    against: Side
    figure: str = "per_second"
    over: str | None = None
    least: float | None = None
    most: float | None = None

    def verdict(self, ratio: float) -> str:
        """The bar, and whether it is met. Nothing fails by it: the machine may have been busy with other things."""
        sign, bar = (">=", self.least) if self.least is not None else ("<=", self.most)
        if bar is None:
            return "no bar"
        met = ratio >= bar if sign == ">=" else ratio <= bar
        return f"{sign} {bar:g}{'' if met else ', missed'}"


@attrs.frozen(kw_only=True)
class Experiment:
    """Rows that are measured together. `name` is what it is called on the command line."""

    name: str
    ours: Side
    rows: tuple[Row, ...]
    rounds: int = 5
    beneath: str = ""

    def sides(self) -> tuple[Side, ...]:
        """Ours comes in the middle, so that it is as near in time to each of the others as can be."""
        others = dict.fromkeys(row.against for row in self.rows)
        able = [side for side in others if side is not self.ours and side.needs() is None]
        middle = (len(able) + 1) // 2
        return (*able[:middle], self.ours, *able[middle:])

    async def measured(self, rounds: int | None) -> Mapping[Side, Sequence[Figures]]:
        """All sides in turn, round by round, so that a busy moment of the machine strikes all of them."""
        found: dict[Side, list[Figures]] = {side: [] for side in self.sides()}
        if len(found) == 1:
            return found
        of = rounds or self.rounds
        for one in range(of):
            for side, figures in found.items():
                if one < side.rounds:
                    with _progress.status(f"{self.name}: round {one + 1} of {of}, {side.label}"):
                        figures.append(await side.run())
        return found

    async def print(self, rounds: int | None = None) -> None:
        """Measures, prints the rows and keeps them."""
        found = await self.measured(rounds)
        for row in self.rows:
            missing = row.against.needs()
            if missing:
                print(f"{row.name:<46} not measured: needs {missing}", flush=True)
            else:
                _show(row, _line(row, found[self.ours], found[row.against]))
        if self.beneath:
            print(f"  {self.beneath}", flush=True)


def _line(row: Row, ours: Sequence[Figures], theirs: Sequence[Figures]) -> dict[str, object]:
    over = row.over or row.figure
    pairs = [(mine[row.figure], other[over]) for mine, other in zip(ours, theirs, strict=False)]
    return {
        "name": row.name,
        "ours": round(statistics.median(mine for mine, _ in pairs), 3),
        "unit": row.unit,
        "against": row.against.label,
        "theirs": round(statistics.median(other for _, other in pairs), 3),
        "ratio": round(statistics.median(mine / other for mine, other in pairs), 3),
    }


HEAD = f"{'':<46}{'ours':>9} {'':<11}{'theirs':>9}  {'ratio':>7}  bar"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _show(row: Row, line: dict[str, object]) -> None:
    verdict = row.verdict(float(str(line["ratio"])))
    ours, theirs = (_figure(float(str(line[side]))) for side in ("ours", "theirs"))
    print(
        f"{row.name:<46}{ours:>9} {row.unit:<11}{theirs:>9}  {line['ratio']:>7}"
        f"  {verdict:<15} against {row.against.label}",
        flush=True,
    )
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as results:
        results.write(json.dumps(line) + "\n")
