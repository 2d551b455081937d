"""The quick way from bytes to a value never takes what the thorough one would not take, nor as anything else."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from domain.errors import InvalidError
from entrypoints.bodies import decode_call_result, decode_screening, read_call_result, read_screening
from entrypoints.decoding import read
from entrypoints.web.problems import ProblemError
from entrypoints.web.reading import parsed
from entrypoints.web.schemas import ConnectionBody, PolicyBody, SettleBody
from tests.web.bodies import a_call_result, a_file, a_screening
from tests.web.rig import a_connection
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


def test_so_are_screenings_and_free_objects() -> None:
    assert read_screening(json.dumps(a_screening()).encode()) == decode_screening(a_screening())
    assert read(json.dumps(a_connection()).encode(), ConnectionBody) is not None
    assert read(b'{"verdicts": {"passed": {"stage": "s"}}, "tag": false}', PolicyBody) is not None


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


def test_unknown_members_beside_left_out_objects_are_seen() -> None:
    assert read(b'{"tag": true, "x": 1}', PolicyBody) is None
    assert read(b'{"provider": "erecruit", "name": "n", "x": 1}', ConnectionBody) is None


def test_members_that_python_names_otherwise_are_left_to_the_thorough_way() -> None:
    assert read(b'{"as": "done"}', SettleBody) is None
    assert read(b'{"as_": "done"}', SettleBody) is None


@given(body=spoilt(a_call_result()) | spoilt(a_screening()))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_both_ways_agree(body: Any) -> None:
    raw = json.dumps(body).encode()
    for quick, thorough in ((read_call_result, decode_call_result), (read_screening, decode_screening)):
        found: Any = quick(raw)
        if found is not None:
            assert found == thorough(parsed(raw))
