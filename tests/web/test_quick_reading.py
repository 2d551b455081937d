"""The quick way from bytes to a value never takes what the thorough one would not take, nor as anything else."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from domain.errors import InvalidError
from entrypoints.bodies import CallResultBody, decode_call_result, decode_screening, read_call_result, read_screening
from entrypoints.quick import read
from entrypoints.web.problems import ProblemError
from entrypoints.web.reading import parsed
from tests.web.bodies import a_call_result, a_file, a_screening
from tests.web.test_odd_bodies import spoilt


@pytest.mark.parametrize(
    "body",
    [
        a_call_result(),
        a_call_result(report=None, transcript=None, answers=None, verdict=None, score=None),
        a_call_result(summary="He said: \u00e9 : \\", answers=[{"question": "q", "answer": "a"}] * 9),
    ],
)
def test_what_is_right_is_taken_at_once(body: dict[str, Any]) -> None:
    for raw in (json.dumps(body), json.dumps(body, indent=1, ensure_ascii=False)):
        assert read_call_result(raw.encode()) == decode_call_result(body)


def test_so_are_screenings() -> None:
    assert read_screening(json.dumps(a_screening()).encode()) == decode_screening(a_screening())


RIGHT = json.dumps(a_call_result())


@pytest.mark.parametrize(
    "raw",
    [
        RIGHT.replace("{", '{"surprise": 1, ', 1),
        RIGHT.replace("{", '{"surprise" \t\n: {"x" : 1}, ', 1),
        RIGHT.replace("{", '{"call_id": "call-1", ', 1),
        RIGHT.replace('"question"', '"x": null, "question"'),
        RIGHT.replace('"question"', '"question" : "y", "question"'),
        RIGHT.replace('"speaker"', '"\\u0073peaker": "z", "speaker"'),
        RIGHT.replace('"score": 82.5', '"score": 82.5, "score": 81'),
        RIGHT.replace('"score"', '"from_": 1, "score"'),
        RIGHT.replace('"filename"', '"x": null, "filename"'),
        RIGHT.replace("2026-11-21T09:12:00Z", "2026-11-21T08:00:00Z"),
        json.dumps(a_call_result(report=a_file(filename="report.exe"))),
        json.dumps(a_call_result(report=a_file(content_base64="!"))),
        json.dumps(a_call_result(summary="bell\u0007")),
        json.dumps(a_call_result(call_id="a\n")),
        json.dumps(a_call_result(call_id="a\u00a0")),
        "{}",
        "[]",
        "",
        '{"a": "\\ud800"}',
    ],
)
def test_what_is_wrong_is_left_to_the_thorough_way(raw: str) -> None:
    assert read_call_result(raw.encode()) is None
    with pytest.raises((InvalidError, ProblemError)):
        decode_call_result(parsed(raw.encode()))


@pytest.mark.parametrize("code", [*range(0x20), 0x22, 0x7F, 0x80, 0xA0])
@pytest.mark.parametrize("written", ["\\u{:04x}", "\\u{:04X}", "{}"])
def test_control_characters_are_seen_however_they_are_written(code: int, written: str) -> None:
    shown = written.format(chr(code) if written == "{}" else code)
    raw = RIGHT.replace("TIG", shown).encode()
    found = read_call_result(raw)
    if found is not None:
        assert chr(code) in "\t\n\r\x80\xa0"
        assert found == decode_call_result(parsed(raw))


def test_what_is_written_as_a_quote_makes_up_for_no_unknown_member() -> None:
    """Written again, it would look like the end of one more name."""
    raw = RIGHT.replace("TIG", "\\u0022:").replace("{", '{"surprise": 1, ', 1)
    assert read_call_result(raw.encode()) is None
    assert read(raw.replace('"surprise": 1, ', "").encode(), CallResultBody) is None


@given(body=spoilt(a_call_result()) | spoilt(a_screening()))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_both_ways_agree(body: Any) -> None:
    raw = json.dumps(body).encode()
    for quick, thorough in ((read_call_result, decode_call_result), (read_screening, decode_screening)):
        found: Any = quick(raw)
        if found is not None:
            assert found == thorough(parsed(raw))


@pytest.mark.parametrize("colon", ["\\u003a", "\\u003A"])
def test_a_colon_written_as_a_number_hides_no_member_that_is_named_twice(colon: str) -> None:
    twice = RIGHT.replace("{", '{"summary": "another", ', 1).replace("TIG", f'\\"{colon}')
    assert read_call_result(twice.encode()) is None
