"""Carry out: a claimed command is planned once, and each of its effects is made once or honestly left in doubt."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import attrs

from application.attempts import LedgerAttempt
from application.effects import Carrier
from application.facts import facts_of_effect
from application.file_room import FileRoom
from application.hand_in import Draft
from application.outcomes import Outcome, outcome_of_failure
from application.patience import Patience
from application.post_call_results import PostCallResults
from application.receipts import Receipts
from application.screen_and_tag import ScreenAndTag
from application.write_one import WriteOne
from domain.call_result import CallResult
from domain.checks import checked_anew
from domain.effect import BY_HAND, IN_DOUBT, EffectKind, EffectState, Progress, Readiness, readiness
from domain.evidence import Finding, before_sending, verdict
from domain.policy import Policy
from domain.screening import Screening
from domain.writeback import EffectRecord, Request, WriteBackState, outcome_of
from ports.clock import Clock
from ports.commands import Claim, Commands
from ports.connections import Connections, ConnectionStore
from ports.errors import (
    AccessError,
    ConflictError,
    LeaseLostError,
    MalformedReplyError,
    PortError,
    TimedOutError,
    UnavailableError,
)
from ports.gateway import Gateway
from ports.ledger import Ledger
from ports.scope import EVERYTHING

_BUSY = 1.0
_LEAST = 1.0


class _BusyError(Exception):
    """Planning learned whom the command concerns, and another one of that person comes first."""


@attrs.frozen
class CarryOut:
    """Works on one claim until it is finished, put back or lost. Never raises for what an ATS does."""

    connections: Connections
    store: ConnectionStore
    commands: Commands
    ledger: Ledger
    clock: Clock
    receipts: Receipts = attrs.field(factory=Receipts)
    patience: Patience = attrs.field(factory=Patience)
    room: FileRoom = attrs.field(factory=FileRoom)

    async def __call__(self, claim: Claim) -> None:
        """Raises only UnavailableError: when our own database is gone; the lease then runs out by itself."""
        try:
            await self._attend(claim)
        except PortError as error:
            # Whoever has lost the lease meanwhile has nothing more to say.
            with suppress(LeaseLostError):
                await self._failed(claim, error)

    async def _failed(self, claim: Claim, error: PortError) -> None:
        match outcome_of_failure(error):
            case Outcome.LOST:
                return
            case Outcome.LATER | Outcome.IN_DOUBT if self.patience.bears(claim.age):
                asked = error.retry_after if isinstance(error, UnavailableError) else None
                wait = self.patience.wait(claim.age) if asked is None else max(_LEAST, asked)
                await self.commands.postpone(claim, wait, error.message)
            case Outcome.LATER | Outcome.IN_DOUBT:
                await self._give_up(claim, f"unavailable for 7 days: {error.message}")
            case _:
                await self._give_up(claim, error.message)

    async def _give_up(self, claim: Claim, why: str) -> None:
        """Ends it; what may have been done, and could not be looked for, is left to a person."""
        doubtful = [record for record in await self.ledger.effects(claim) if record.state in IN_DOUBT]
        for record in doubtful:
            await self._decide(claim, record, Finding(state=EffectState.HELD, reason=f"not to be looked for: {why}"))
        await self.commands.finish(claim, WriteBackState.HELD if doubtful else WriteBackState.DEAD, why)

    async def _attend(self, claim: Claim) -> None:
        connection = await self.store.get(EVERYTHING, claim.connection)
        try:
            connection, gateway = await self.connections.open(EVERYTHING, claim.connection)
            await self._work(claim, connection.policy, gateway)
        except AccessError as error:
            # What is forbidden of one record has become a refused effect: this is about all of them.
            await self.commands.park(claim, connection.revision, error.message)

    async def _work(self, claim: Claim, policy: Policy, gateway: Gateway) -> None:
        room = partial(self.room.taken, claim.connection)
        carrier = Carrier(gateway, partial(self.ledger.file, claim), room, claim.request)
        try:
            records = list(await self._planned(claim, gateway, policy))
        except _BusyError as busy:
            await self.commands.postpone(claim, _BUSY, str(busy))
            return
        for n, record in enumerate(records):
            records[n] = await self._advance(claim, carrier, record, records[:n], gateway.settle_seconds)
        state = outcome_of([record.state for record in records])
        if state is None:
            seconds = _due(await self.ledger.effects(claim), gateway.settle_seconds)
            await self.commands.postpone(claim, seconds, "waits until a request has settled")
        else:
            await self.commands.finish(claim, state, _why(records, state))

    async def _planned(self, claim: Claim, gateway: Gateway, policy: Policy) -> tuple[EffectRecord, ...]:
        if claim.planned:
            return await self.ledger.effects(claim)
        draft = await plan(claim.request, gateway, policy)
        try:
            return await self.ledger.plan(claim, draft.effects, draft.subject)
        except ConflictError as error:
            raise _BusyError(error.message) from error

    async def _advance(
        self, claim: Claim, carrier: Carrier, record: EffectRecord, earlier: list[EffectRecord], settle: float
    ) -> EffectRecord:
        if record.state in IN_DOUBT:
            record = await self._look(claim, carrier, record, settled=_is_settled(record, settle))
        if record.state is not EffectState.PLANNED and not _is_blocked(record):
            return record
        ready, why = readiness([Progress(one.effect, one.state) for one in earlier], record.effect)
        if ready is Readiness.BLOCKED and record.reason != BY_HAND:
            return await self._decide(claim, record, Finding(state=EffectState.HELD, reason=why))
        if _is_blocked(record):
            # What it was held for has come to a good end: it is held no more.
            record = await self._decide(claim, record, Finding(state=EffectState.PLANNED))
        if ready is Readiness.WAITS or (record.reason == BY_HAND and not _is_settled(record, settle)):
            # A person may want it sent again while the first request can still land.
            return record
        return await self._send_unless_it_stands(claim, carrier, record)

    async def _send_unless_it_stands(self, claim: Claim, carrier: Carrier, record: EffectRecord) -> EffectRecord:
        effect = record.effect
        if effect.state is EffectState.REFUSED:
            # Its plan said no and a person replays it: what spoke against it then may still do so.
            effect = checked_anew(effect, await facts_of_effect(carrier.gateway, claim.request, effect))
            if effect.state is not EffectState.PLANNED:
                return await self._decide(claim, record, Finding(state=effect.state, reason=effect.reason))
            record = attrs.evolve(record, effect=effect)
        if effect.before or effect.kind is EffectKind.APPLICATION or record.reason == BY_HAND:
            finding = before_sending(effect, await carrier.look(effect, record.marker))
            if finding.state is not EffectState.PLANNED:
                return await self._decide(claim, record, finding)
        return await self._send(claim, carrier, record)

    async def _send(self, claim: Claim, carrier: Carrier, record: EffectRecord) -> EffectRecord:
        attempt = LedgerAttempt(self.ledger, self.clock, claim, record)
        try:
            receipt = await carrier.send(record.effect, attempt)
        except PortError as error:
            return await self._not_done(claim, carrier, record, attempt, error)
        await self.receipts.testify(self.ledger, self.clock, claim, record.n, attempt.number or 0, receipt)
        return attrs.evolve(record, state=EffectState.CONFIRMED, receipt=receipt)

    async def _not_done(
        self, claim: Claim, carrier: Carrier, record: EffectRecord, attempt: LedgerAttempt, error: PortError
    ) -> EffectRecord:
        match _fate(error, begun=attempt.number is not None):
            case Outcome.REFUSED:
                return await self._decide(claim, record, Finding(state=EffectState.REFUSED, reason=error.message))
            case Outcome.IN_DOUBT:
                unknown = await self._decide(claim, record, Finding(state=EffectState.UNKNOWN, reason=error.message))
                return await self._look(claim, carrier, unknown, settled=False)
            case _:
                if attempt.number is not None:
                    why = BY_HAND if record.reason == BY_HAND else error.message
                    await self._decide(claim, record, Finding(state=EffectState.PLANNED, reason=why))
                raise error

    async def _look(self, claim: Claim, carrier: Carrier, record: EffectRecord, *, settled: bool) -> EffectRecord:
        finding = verdict(record.effect, await carrier.look(record.effect, record.marker), settled=settled)
        if finding.state is None and record.state is EffectState.SENDING:
            finding = Finding(state=EffectState.UNKNOWN, reason="its reply never came")
        return await self._decide(claim, record, finding)

    async def _decide(self, claim: Claim, record: EffectRecord, finding: Finding) -> EffectRecord:
        if finding.state is None:
            return record
        await self.ledger.decide(claim, record.n, finding.state, reason=finding.reason, receipt=finding.receipt)
        return attrs.evolve(record, state=finding.state, reason=finding.reason, receipt=finding.receipt)


async def plan(request: Request, gateway: Gateway, policy: Policy) -> Draft:
    """Plans a request by its use case."""
    match request:
        case CallResult():
            return await PostCallResults.plan(request, gateway, policy)
        case Screening():
            return await ScreenAndTag.plan(request, gateway, policy)
        case _:
            return await WriteOne.plan(request, gateway, policy)


def _fate(error: PortError, *, begun: bool) -> Outcome:
    """A request that has begun and got no clear answer is in doubt, whatever its port calls that."""
    unclear = isinstance(error, MalformedReplyError | TimedOutError)
    return Outcome.IN_DOUBT if begun and unclear else outcome_of_failure(error)


def _is_blocked(record: EffectRecord) -> bool:
    """Held without ever having been sent: it waits for another effect."""
    return record.state is EffectState.HELD and record.attempt == 0


def _is_settled(record: EffectRecord, settle: float) -> bool:
    return record.flight_left is None or record.flight_left + settle <= 0


def _due(records: Sequence[EffectRecord], settle: float) -> float:
    waiting = (record for record in records if record.state in IN_DOUBT or record.reason == BY_HAND)
    left = [record.flight_left + settle for record in waiting if record.flight_left is not None]
    return max(0.0, min(left, default=_BUSY))


def _why(records: Sequence[EffectRecord], state: WriteBackState) -> str | None:
    if state is WriteBackState.DONE:
        return None
    ended = EffectState.HELD if state is WriteBackState.HELD else EffectState.REFUSED
    return next((f"effect {one.n} ({one.effect.slot}): {one.reason}" for one in records if one.state is ended), None)
