"""The ledger in the database."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence import deciding, testifying
from adapters.persistence.database import Database
from adapters.persistence.effects import effects_of, values_of
from adapters.persistence.leases import lease_of
from adapters.persistence.serial import encode, plain, without_nul
from adapters.persistence.tables import blobs, command_files
from domain.effect import Effect, EffectState
from domain.evidence import Receipt
from domain.writeback import EffectRecord
from ports.commands import Claim
from ports.errors import NotFoundError
from ports.ledger import Ledger


class LedgerTable(Ledger):
    """Effects beside their commands, under the same leases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, claim: Claim, effects: Sequence[Effect], subject: str) -> tuple[EffectRecord, ...]:
        rows = values_of(claim.command, claim.connection, claim.key, effects)
        planning = deciding.Planning(lease_of(claim), claim.connection, plain(subject, "subject"), rows)
        return await self._database.write(deciding.plan, planning)

    async def effects(self, claim: Claim) -> tuple[EffectRecord, ...]:
        return (await self._database.read(lambda c: effects_of(c, [claim.command])))[claim.command]

    async def begin(self, claim: Claim, n: int, seconds: float) -> int:
        return await self._database.write(deciding.begin, deciding.Beginning(lease_of(claim), n, seconds))

    async def decide(
        self, claim: Claim, n: int, state: EffectState, *, reason: str | None = None, receipt: Receipt | None = None
    ) -> None:
        told = None if receipt is None else encode(receipt)
        decision = deciding.Decision(lease_of(claim), n, state, without_nul(reason), told)
        await self._database.write(deciding.decide, decision)

    async def testify(self, claim: Claim, n: int, attempt: int, receipt: Receipt) -> bool:
        testimony = testifying.Testimony(claim.command, n, attempt, encode(receipt))
        return await self._database.write(testifying.testify, testimony)

    async def file(self, claim: Claim, sha256: str) -> bytes:
        query = (
            sa.select(blobs.c.content)
            .join(command_files, command_files.c.sha256 == blobs.c.sha256)
            .where(command_files.c.command_id == claim.command, blobs.c.sha256 == sha256)
            .where(blobs.c.connection_id == claim.connection)
        )
        content: bytes | None = await self._database.read(lambda c: c.scalar(query))
        if content is None:
            raise NotFoundError("file", sha256)
        return content
