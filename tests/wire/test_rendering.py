"""Notes as HTML and as text: what people said never becomes markup, and the last line is ours."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.rendering import as_html, as_text, chunked, cleaned
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


LONG = st.lists(
    st.one_of(
        st.text(alphabet="ab \n", max_size=400).map(paragraph),
        st.lists(st.text(alphabet="ab \n", max_size=150), max_size=8).map(lambda items: bullets(*items)),
        st.just(heading("Answers")),
    ),
    max_size=6,
).map(lambda blocks: Note(blocks=tuple(blocks), action_type="7"))


@given(LONG, st.integers(100, 300))
def test_a_note_that_is_too_long_comes_in_parts_that_fit_and_hold_all_of_it(note: Note, longest: int) -> None:
    parts = chunked(note, longest)
    texts = [as_text(part, MARKER) for part in parts]

    assert all(len(text) <= longest for text in texts)
    assert {part.action_type for part in parts} == {"7"}
    assert (len(parts) == 1) is (len(as_text(note, MARKER)) <= longest)
    bare = "".join(re.sub(rf"^\(part \d+ of {len(parts)}\)|ref {MARKER}$", "", text) for text in texts)
    if len(parts) > 1:
        assert re.sub(r"[\s-]", "", bare) == re.sub(r"[\s-]|ref[^ ]*$", "", as_text(note, "")).removesuffix("ref")


def test_parts_are_numbered_and_end_between_blocks_where_they_can() -> None:
    note = Note(blocks=(heading("Passed"), paragraph("a" * 60), paragraph("b" * 60), bullets("c" * 50, "d" * 50)))

    texts = [as_text(part, MARKER) for part in chunked(note, 120)]

    assert texts == [
        f"(part 1 of 4)\n\nPassed\n\n{'a' * 60}\n\nref {MARKER}",
        f"(part 2 of 4)\n\n{'b' * 60}\n\nref {MARKER}",
        f"(part 3 of 4)\n\n- {'c' * 50}\n\nref {MARKER}",
        f"(part 4 of 4)\n\n- {'d' * 50}\n\nref {MARKER}",
    ]


def test_words_are_kept_together_where_they_can() -> None:
    texts = [as_text(part, MARKER) for part in chunked(Note(blocks=(paragraph("word " * 60),)), 120)]

    assert all("word" in text for text in texts)
    assert not [line for text in texts for line in text.splitlines()[2:-2] if line.strip("word ")]
