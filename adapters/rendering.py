"""Notes as an ATS shows them: HTML, or plain text; and vendors' HTML made safe. Nothing said becomes markup."""

import html
from collections.abc import Iterator

import nh3

from domain.note import Block, BlockKind, Note, reference_line

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
