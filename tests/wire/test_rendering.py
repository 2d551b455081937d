"""Notes as HTML and as text: what people said never becomes markup, and the last line is ours."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.rendering import as_html, as_text, cleaned
from domain.note import Block, BlockKind, Note, bullets, heading, paragraph

MARKER = "3f9c1a2b4d5e"
WORDS = st.text(max_size=60)
BLOCKS = st.one_of(
    WORDS.map(heading), WORDS.map(paragraph), st.lists(WORDS, max_size=3).map(lambda items: bullets(*items))
)
NOTES = st.lists(BLOCKS, max_size=4).map(lambda blocks: Note(blocks=tuple(blocks)))
OURS = re.compile(r"</?(?:p|strong|ul|li)>|<br/>")


@given(NOTES)
def test_no_text_becomes_markup(note: Note) -> None:
    bare = OURS.sub("", as_html(note, MARKER))

    assert not set(bare) & set("<>\"'")
    assert re.search(r"&(?!(?:amp|lt|gt|quot|#x27);)", bare) is None


@given(NOTES)
def test_every_tag_of_ours_is_closed_in_order(note: Note) -> None:
    open_tags: list[str] = []
    for tag in re.findall(r"</?(?:p|strong|ul|li)>", as_html(note, MARKER)):
        if tag.startswith("</"):
            assert open_tags.pop() == tag[2:-1]
        else:
            open_tags.append(tag[1:-1])

    assert open_tags == []


@given(NOTES)
def test_the_reference_comes_last(note: Note) -> None:
    assert as_html(note, MARKER).endswith(f"<p>ref {MARKER}</p>")
    assert as_text(note, MARKER).splitlines()[-1] == f"ref {MARKER}"


@given(WORDS)
def test_words_come_through_whole(words: str) -> None:
    printable = re.sub(r"\s", " ", "".join(letter if letter.isprintable() else " " for letter in words))
    shown = html.unescape(as_html(Note(blocks=(paragraph(words),)), MARKER))

    assert re.sub(r"\s", "", printable) in re.sub(r"\s", "", shown.replace("<br/>", ""))


def test_a_note_in_html() -> None:
    note = Note(blocks=(heading("Passed"), paragraph("4 < 5\r\n\"yes\" & 'no'\rend"), bullets("a\nb", "c\x00d")))

    assert as_html(note, MARKER) == (
        "<p><strong>Passed</strong></p>"
        "<p>4 &lt; 5<br/>&quot;yes&quot; &amp; &#x27;no&#x27;<br/>end</p>"
        "<ul><li>a<br/>b</li><li>c d</li></ul>"
        f"<p>ref {MARKER}</p>"
    )


def test_a_note_in_plain_text() -> None:
    note = Note(blocks=(heading("Passed"), paragraph("4 < 5\nend"), bullets("a\nb", "c")))

    assert as_text(note, MARKER) == f"Passed\n\n4 < 5\nend\n\n- a\n  b\n- c\n\nref {MARKER}"


@pytest.mark.parametrize("kind", BlockKind)
def test_an_empty_block_is_no_trouble(kind: BlockKind) -> None:
    assert as_html(Note(blocks=(Block(kind=kind),)), MARKER).endswith(f"<p>ref {MARKER}</p>")


@pytest.mark.parametrize(
    ("markup", "clean"),
    [
        ("<p>Great team&nbsp;here</p>", "<p>Great team&nbsp;here</p>"),
        ("<script>steal()</script><b>Pay</b>", "<b>Pay</b>"),
        ('<img src=x onerror="steal()">Pay', "Pay"),
        ('<p onclick="steal()" style="x">Pay</p>', "<p>Pay</p>"),
        ('<a href="javascript:steal()">Pay</a>', '<a rel="noopener noreferrer">Pay</a>'),
    ],
)
def test_markup_of_a_vendor_is_safe_to_show(markup: str, clean: str) -> None:
    assert cleaned(markup) == clean
