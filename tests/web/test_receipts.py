"""What the ATS warned of is shown beside what it said."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.effect import EffectState
from domain.evidence import Receipt
from domain.ids import CommandId, ConnectionId
from domain.writeback import EffectRecord, WriteBackState
from entrypoints.web.replies import write_back_reply
from ports.commands import CommandKind, WriteBack
from tests import builders as b


@pytest.mark.parametrize(
    ("receipt", "shown"),
    [
        (
            Receipt(id="n1", warnings=("The note was shortened.",)),
            {"id": "n1", "warnings": ["The note was shortened."]},
        ),
        (Receipt(), {}),
    ],
)
def test_warnings_are_shown_with_the_receipt(receipt: Receipt, shown: dict[str, object]) -> None:
    effect = EffectRecord(
        n=1, effect=b.an_effect(), state=EffectState.CONFIRMED, marker=b.MARKER, attempt=1, receipt=receipt
    )
    found = WriteBack(
        id=CommandId("wb_1"),
        connection=ConnectionId("con_1"),
        kind=CommandKind.WRITE,
        key="write:1",
        state=WriteBackState.DONE,
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        effects=(effect,),
    )

    assert msgspec.json.decode(msgspec.json.encode(write_back_reply(found)))["effects"][0]["receipt"] == shown
