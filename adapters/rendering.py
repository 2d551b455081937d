"""Notes as an ATS shows them: HTML, or plain text; and vendors' HTML made safe. Nothing said becomes markup."""

import html
from collections.abc import Iterator

import nh3

from domain.note import Block, BlockKind, Note, bullets, paragraph, reference_line

_SIMPLE_TAGS = {"a", "b", "br", "div", "em", "h1", "h2", "h3", "h4", "i", "li", "ol", "p", "span", "strong", "u", "ul"}


def cleaned(markup: str) -> str:
    """A vendor's HTML with simple tags and safe links only: whoever shows it to people need not trust the vendor."""
    return nh3.clean(markup, tags=_SIMPLE_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"})


def as_html(note: Note, marker: str) -> str:
    """Simple tags only; the last paragraph is the reference line."""
    return "".join([*(_html_of(block) for block in note.blocks), f"<p>{reference_line(marker)}</p>"])


def as_text(note: Note, marker: str) -> str:
    """Blocks apart by an empty line; the last line is the reference line."""
    return "\n\n".join([*(_text_of(block) for block in note.blocks), reference_line(marker)])


def chunked(note: Note, longest: int) -> tuple[Note, ...]:
    """The note in parts of at most so many characters as plain text, reference line included; each says which it is.

    A part ends between two blocks where it can, else between lines, else between words.
    """
    if len(as_text(note, _ANY_MARKER)) <= longest:
        return (note,)
    room = longest - len(as_text(Note(blocks=(paragraph(_WIDEST_TITLE), paragraph(""))), _ANY_MARKER))
    parts = list(_parts([piece for block in note.blocks for piece in _pieces(block, room)], room))
    titled = ((_TITLE.format(n, len(parts)), blocks) for n, blocks in enumerate(parts, start=1))
    return tuple(Note(blocks=(paragraph(title), *blocks), action_type=note.action_type) for title, blocks in titled)


_ANY_MARKER = "0" * 12
_TITLE = "(part {} of {})"
_WIDEST_TITLE = _TITLE.format("9999", "9999")


def _parts(pieces: list[Block], room: int) -> Iterator[list[Block]]:
    part: list[Block] = []
    size = 0
    for piece in pieces:
        length = len(_text_of(piece)) + len("\n\n")
        if part and size + length > room:
            yield part
            part, size = [], 0
        part.append(piece)
        size += length
    yield part


def _pieces(block: Block, room: int) -> Iterator[Block]:
    """The block, or several that say the same: bullets one by one, lines one by one, and longer ones by words."""
    if len(_text_of(block)) + len("\n\n") <= room:
        yield block
    elif len(block.items) > 1:
        for item in block.items:
            yield from _pieces(bullets(item), room)
    else:
        whole = block.items[0] if block.kind is BlockKind.BULLETS else block.text
        yield from (paragraph(text) for text in _cut("\n".join(_lines(whole)), room - len("\n\n")))


def _cut(text: str, room: int) -> Iterator[str]:
    while len(text) > room:
        at = max(text.rfind("\n", 0, room + 1), 0) or max(text.rfind(" ", 0, room + 1), 0) or room
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def _html_of(block: Block) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return f"<p><strong>{_escaped(block.text)}</strong></p>"
        case BlockKind.PARAGRAPH:
            return f"<p>{_escaped(block.text)}</p>"
        case BlockKind.BULLETS:
            items = "".join(f"<li>{_escaped(item)}</li>" for item in block.items)
            return f"<ul>{items}</ul>" if items else ""


def _text_of(block: Block) -> str:
    if block.kind is BlockKind.BULLETS:
        return "\n".join("- " + "\n  ".join(_lines(item)) for item in block.items)
    return "\n".join(_lines(block.text))


def _escaped(text: str) -> str:
    return "<br/>".join(html.escape(line) for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        # Control characters are allowed in neither HTML nor XML, and some vendors refuse the whole note for one.
        yield "".join(letter if letter.isprintable() or letter == " " else " " for letter in line)
