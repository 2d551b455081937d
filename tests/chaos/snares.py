"""Snares: a worker's own ports, with points around their calls at which it dies, is stopped, or asks first."""

import os
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextvars import ContextVar
from enum import StrEnum
from functools import wraps
from typing import Any

import attrs

from domain.effect import IN_DOUBT, SETTLED, EffectKind, EffectState
from domain.writeback import EffectRecord
from ports.commands import Claim
from ports.gateway import Absence, Gateway


class Act(StrEnum):
    """What a worker does where it is caught."""

    KILL = "kill"
    STOP = "stop"
    ASK = "ask"


@attrs.frozen(kw_only=True)
class Snare:
    """Set at one point: the `nth` time that this kind of effect (or anything) comes there, it closes."""

    at: str
    kind: str = "any"
    act: Act = Act.KILL
    nth: int = 1


_AT_WORK: ContextVar[str | None] = ContextVar("command", default=None)
Say = Callable[[str], None]
Answer = Callable[[], Awaitable[object]]


@attrs.define
class Watch:
    """What one worker is doing, effect by effect, and the snare that is set for it."""

    say: Say
    answered: Answer
    snare: Snare | None = None
    left: int = 0
    records: dict[str, dict[int, EffectRecord]] = attrs.field(factory=dict)

    def set(self, snare: Snare | None) -> None:
        """Instead of the one that was set before."""
        self.snare, self.left = snare, snare.nth if snare else 0

    async def reached(self, at: str, kind: str = "any") -> None:
        """Here the worker may end."""
        snare = self.snare
        if snare is None or self.left == 0 or snare.at != at or snare.kind not in {kind, "any"}:
            return
        self.left -= 1
        if self.left:
            return
        self.say(f"caught {snare.act} {at} {snare.kind}")
        match snare.act:
            case Act.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case Act.STOP:
                os.kill(os.getpid(), signal.SIGSTOP)
            case Act.ASK:
                await self.answered()

    def learn(self, command: str, records: Collection[EffectRecord]) -> None:
        """What the ledger has of a command that the present task works on."""
        _AT_WORK.set(command)
        self.records[command] = {record.n: record for record in records}

    def change(self, command: str, n: int, state: EffectState) -> None:
        record = self.records.get(command, {}).get(n)
        if record is not None:
            self.records[command][n] = attrs.evolve(record, state=state)

    def kind_of(self, command: str, n: int) -> str:
        record = self.records.get(command, {}).get(n)
        return "any" if record is None else str(record.effect.kind)

    def looked_for(self, kinds: Collection[EffectKind]) -> EffectRecord | None:
        """The effect that a look of the present task is about: the first of these kinds that is not settled."""
        records = self.records.get(_AT_WORK.get() or "", {}).values()
        open_ones = (one for one in records if one.effect.kind in kinds and one.state not in SETTLED)
        return next((one for one in open_ones if one.state is not EffectState.HELD), None)


class Passing:
    """A port as it is, but for some of its methods."""

    def __init__(self, port: object, instead: Mapping[str, Callable[..., Any]]) -> None:
        self._port = port
        self._instead = instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._port, name)


def between(watch: Watch, call: Callable[..., Awaitable[Any]], step: str) -> Callable[..., Awaitable[Any]]:
    """The call, with a point before it and one after it."""

    @wraps(call)
    async def snared(*args: Any, **named: Any) -> Any:
        await watch.reached(f"{step}:before")
        answer = await call(*args, **named)
        if answer or step not in {"claim", "fetch"}:  # where nothing came, nothing could be lost
            await watch.reached(f"{step}:after")
        return answer

    return snared


def commands(port: Any, watch: Watch) -> Any:
    """The table of commands, snared; it is told of each that was finished."""

    async def finish(claim: Claim, *args: Any) -> None:
        await port.finish(claim, *args)
        watch.say(f"finished {claim.key}")

    steps = {step: getattr(port, step) for step in ("accept", "claim", "renew", "postpone")} | {"finish": finish}
    return Passing(port, {step: between(watch, call, step) for step, call in steps.items()})


def inbound(port: Any, watch: Watch) -> Any:
    """The way in from a broker, snared."""
    return Passing(port, {step: between(watch, getattr(port, step), step) for step in ("fetch", "ack")})


def deliveries(port: Any, watch: Watch) -> Any:
    """The deliveries of webhooks, snared."""
    return Passing(port, {step: between(watch, getattr(port, step), step) for step in ("claim", "record")})


def ledger(port: Any, watch: Watch) -> Any:
    """The ledger, snared; it tells the watch what becomes of each effect."""

    async def plan(claim: Claim, *args: Any) -> Any:
        await watch.reached("plan:before")
        records = await port.plan(claim, *args)
        watch.learn(claim.command, records)
        await watch.reached("plan:after")
        return records

    async def effects(claim: Claim) -> Any:
        records = await port.effects(claim)
        watch.learn(claim.command, records)
        return records

    def deciding(step: str) -> Callable[..., Awaitable[Any]]:
        async def snared(claim: Claim, n: int, *args: Any, **named: Any) -> Any:
            kind = watch.kind_of(claim.command, n)
            await watch.reached(f"{step}:before", kind)
            answer = await getattr(port, step)(claim, n, *args, **named)
            watch.change(claim.command, n, _STATES.get(step) or args[0])
            if step == "begin":
                target = watch.records[claim.command][n].effect.target
                watch.say(f"begun {kind} {target.id}")
            await watch.reached(f"{step}:after", kind)
            return answer

        return snared

    steps = {step: deciding(step) for step in ("begin", "decide", "testify")}
    return Passing(port, {"plan": plan, "effects": effects, "file": between(watch, port.file, "file"), **steps})


_STATES = {"begin": EffectState.SENDING, "testify": EffectState.CONFIRMED}


def gateway(opened: Gateway, watch: Watch) -> Gateway:
    """A gateway whose looks are snared."""
    looks: Mapping[str, tuple[str, tuple[EffectKind, ...]]] = {
        "application_notes": ("find", (EffectKind.NOTE,)),
        "candidate_notes": ("find", (EffectKind.NOTE,)),
        "application_files": ("find", (EffectKind.FILE,)),
        "candidate_files": ("find", (EffectKind.FILE,)),
        "application_fields": ("current", (EffectKind.FIELD,)),
        "candidate_fields": ("current", (EffectKind.FIELD,)),
        "tagging": ("current", (EffectKind.TAG,)),
        "stage_moves": ("current", (EffectKind.STATUS, EffectKind.STAGE)),
        "rejection": ("current", (EffectKind.REJECTION,)),
        "application_intake": ("find", (EffectKind.APPLICATION,)),
    }
    ports: dict[str, Any] = {name: getattr(opened, name) for name in looks}
    snared: Any = {
        name: Passing(port, {looks[name][0]: _looking(watch, getattr(port, looks[name][0]), looks[name][1])})
        for name, port in ports.items()
        if not isinstance(port, Absence)
    }
    return attrs.evolve(opened, **snared)


def _looking(
    watch: Watch, look: Callable[..., Awaitable[Any]], kinds: tuple[EffectKind, ...]
) -> Callable[..., Awaitable[Any]]:
    async def snared(*args: Any) -> Any:
        record = watch.looked_for(kinds)
        if record is None:  # the facts of a plan are being read
            return await look(*args)
        if record.state in IN_DOUBT:
            watch.say(f"doubted {record.effect.kind}")
        await watch.reached("look:before", str(record.effect.kind))
        answer = await look(*args)
        await watch.reached("look:after", str(record.effect.kind))
        return answer

    return snared


def connections(port: Any, watch: Watch) -> Any:
    """Connections whose gateways are snared."""

    async def opening(*args: Any) -> Any:
        row, opened = await port.open(*args)
        return row, gateway(opened, watch)

    return Passing(port, {"open": opening})


def forgetful(port: Any) -> Any:
    """A ledger that forgets `sending`: whoever takes over finds the effect planned. It must double."""

    async def effects(claim: Claim) -> Any:
        records = await port.effects(claim)
        return tuple(
            attrs.evolve(one, state=EffectState.PLANNED) if one.state is EffectState.SENDING else one for one in records
        )

    return Passing(port, {"effects": effects})
