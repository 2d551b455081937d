"""Notes as blocks; whether they become HTML or plain text is the adapter's affair."""

from enum import StrEnum

import attrs


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"


@attrs.frozen(kw_only=True)
class Block:
    """A heading or paragraph has `text` (line breaks are kept); bullets have `items`."""

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Note:
    """What is to be read on a record. `action_type` is the vendor's id for the kind of note, if not the usual one."""

    blocks: tuple[Block, ...]
    action_type: str | None = None


def heading(text: str) -> Block:
    return Block(kind=BlockKind.HEADING, text=text)


def paragraph(text: str) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text)


def bullets(*items: str) -> Block:
    return Block(kind=BlockKind.BULLETS, items=items)


def reference_line(marker: str) -> str:
    """The last line of every note of ours, by which it is found again."""
    return f"ref {marker}"
