"""A comparison: ours against something, measured in the same run on the same work."""

import json
import statistics
from collections.abc import Awaitable, Callable
from pathlib import Path

import attrs

ROUNDS = 5
RESULTS = Path("build/bench.jsonl")

Measure = Callable[[], Awaitable[float]]


@attrs.frozen(kw_only=True)
class Comparison:
    """Two measures of the same work; the ratio is the median of the rounds' ratios."""

    name: str
    unit: str
    against: str
    ours: Measure
    theirs: Measure

    async def line(self) -> dict[str, object]:
        """Rounds of both in turn, so that a busy moment of the machine strikes both."""
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(await self.theirs())
            ours.append(await self.ours())
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        return {
            "name": self.name,
            "ours": round(statistics.median(ours), 3),
            "unit": self.unit,
            "against": self.against,
            "theirs": round(statistics.median(theirs), 3),
            "ratio": round(statistics.median(ratios), 3),
        }


def shown(line: dict[str, object]) -> str:
    """A row of the table."""
    return (
        f"{line['name']:<44}{line['ours']:>12} {line['unit']:<12}"
        f"{line['theirs']:>12}  {line['ratio']:>7}  against {line['against']}"
    )


def keep(line: dict[str, object]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as results:
        results.write(json.dumps(line) + "\n")
