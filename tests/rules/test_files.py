import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attachment import LARGEST_FILE, filename_faults, marked_name, pdf_faults, reference_to
from tests.builders import MARKER, a_file, a_pdf


def _messages(content: bytes) -> list[str]:
    return [fault.message for fault in pdf_faults(content)]


def test_a_whole_pdf_has_no_faults() -> None:
    assert pdf_faults(a_pdf()) == ()


def test_what_is_no_pdf_at_all_has_both_faults() -> None:
    assert _messages(b"hello") == [
        "is not a PDF: it does not begin with %PDF-",
        "is not a whole PDF: its end mark is missing",
    ]


def test_a_pdf_cut_short_is_told_from_one_that_is_none() -> None:
    assert _messages(a_pdf()[:-6]) == ["is not a whole PDF: its end mark is missing"]
    assert _messages(b" " + a_pdf()) == ["is not a PDF: it does not begin with %PDF-"]


def test_the_end_mark_must_be_near_the_end() -> None:
    assert pdf_faults(a_pdf() + b"\n" * 1000) == ()
    assert _messages(a_pdf() + b"\n" * 1024) == ["is not a whole PDF: its end mark is missing"]


def test_25_mebibytes_are_the_most() -> None:
    largest = a_pdf().ljust(LARGEST_FILE - 6, b"\n") + b"%%EOF\n"

    assert len(largest) == LARGEST_FILE
    assert pdf_faults(largest) == ()
    assert _messages(largest + b"\n") == [f"is larger than {LARGEST_FILE} bytes"]


def test_a_reference_names_the_content_by_its_digest() -> None:
    file = a_file()
    reference = reference_to(file)

    assert reference.sha256 == hashlib.sha256(file.content).hexdigest()
    assert (reference.filename, reference.media_type, reference.size) == (
        file.filename, file.media_type, len(file.content),
    )  # fmt: skip


def test_bytes_are_not_shown_when_a_file_is() -> None:
    assert "PDF-" not in repr(a_file())


@pytest.mark.parametrize("name", ["report.pdf", "Rapport d'entrevue – Zoé.PDF", "a.b.pdf", "x" * 196 + ".pdf"])
def test_one_printable_segment_that_ends_in_pdf_is_a_name(name: str) -> None:
    assert filename_faults(name) == ()


@pytest.mark.parametrize("name", ["", "a/b.pdf", "a\\b.pdf", 'a"b.pdf', "a\nb.pdf", "a\x00.pdf", "x" * 197 + ".pdf"])
def test_names_that_could_lead_astray_are_refused(name: str) -> None:
    assert [fault.message for fault in filename_faults(name)] == [
        "must be 1 to 200 printable characters without slashes and quotes"
    ]


@pytest.mark.parametrize("name", ["report", "report.doc", ".pdf", "pdf", "report.pdf.exe", "report.pdf "])
def test_a_name_must_end_in_pdf(name: str) -> None:
    assert [fault.message for fault in filename_faults(name)] == ["must end in .pdf"]


def test_the_marker_goes_before_the_ending() -> None:
    assert marked_name("report.pdf", MARKER) == f"report-{MARKER}.pdf"
    assert marked_name("a.b.PDF", MARKER) == f"a.b-{MARKER}.PDF"


def test_a_long_name_is_cut_before_the_marker() -> None:
    marked = marked_name("x" * 196 + ".pdf", MARKER)

    assert marked.endswith(f"x-{MARKER}.pdf")
    assert len(marked) == 100


NAMES = st.text(min_size=1, max_size=60).map(lambda stem: f"{stem}.pdf").filter(lambda name: not filename_faults(name))


@given(NAMES)
def test_a_marked_name_keeps_all_of_the_name_and_is_one_itself(name: str) -> None:
    marked = marked_name(name, MARKER)

    assert marked.replace(f"-{MARKER}", "", 1) == name
    assert filename_faults(marked) == ()


@given(st.sets(NAMES, min_size=2, max_size=2), st.sampled_from((MARKER, "0" * 12)))
def test_two_names_stay_two(names: set[str], marker: str) -> None:
    one, other = names

    assert marked_name(one, marker) != marked_name(other, marker)
    assert marked_name(one, MARKER) != marked_name(one, "f" * 12)
