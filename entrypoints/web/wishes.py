"""Rules of single writes that go beyond the shape of their bodies."""

from collections.abc import Iterator, Sequence

from domain.errors import Fault, InvalidError
from domain.ids import FieldId
from domain.note import Block, BlockKind, Note, paragraph
from domain.writeback import FieldWish
from entrypoints.decoding import decode
from entrypoints.web.schemas import BlockBody, FieldsBody, NoteBody, RejectionsBody


def decode_note(raw: object) -> Note:
    """Raises InvalidError: a note is either a text or blocks, and each block has what its kind asks for."""
    body = decode(raw, NoteBody)
    faults = [fault for n, block in enumerate(body.blocks) for fault in _block_faults(block, f"/blocks/{n}")]
    if (body.text is None) == (not body.blocks):
        faults.append(Fault("", "must have either text or blocks"))
    if faults:
        raise InvalidError(*faults)
    blocks = tuple(Block(kind=one.kind, text=one.text or "", items=one.items) for one in body.blocks)
    return Note(blocks=blocks if body.text is None else (paragraph(body.text),), action_type=body.action_type)


def _block_faults(block: BlockBody, at: str) -> Iterator[Fault]:
    needs, has_not = ("items", "text") if block.kind is BlockKind.BULLETS else ("text", "items")
    if not getattr(block, needs):
        yield Fault(f"{at}/{needs}", f"is required for {block.kind}")
    if getattr(block, has_not):
        yield Fault(f"{at}/{has_not}", f"has no meaning for {block.kind}")


def decode_rejections(raw: object) -> RejectionsBody:
    """Raises InvalidError, also for an id that comes twice."""
    body = decode(raw, RejectionsBody)
    _refuse_repeats([(f"/application_ids/{n}", one) for n, one in enumerate(body.application_ids)])
    return body


def decode_fields(raw: object) -> tuple[FieldWish, ...]:
    """Raises InvalidError, also for a field that comes twice."""
    body = decode(raw, FieldsBody)
    _refuse_repeats([(f"/updates/{n}/field", one.field) for n, one in enumerate(body.updates)])
    return tuple(FieldWish(field=FieldId(one.field), value=one.value) for one in body.updates)


def _refuse_repeats(named: Sequence[tuple[str, str]]) -> None:
    seen: set[str] = set()
    faults = []
    for pointer, name in named:
        if name in seen:
            faults.append(Fault(pointer, "stands here twice"))
        seen.add(name)
    if faults:
        raise InvalidError(*faults)
