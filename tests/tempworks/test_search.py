"""Advanced searches: which columns are meant, and what is asked."""

from datetime import UTC, datetime

import pytest

from adapters.tempworks import search, wire
from adapters.tempworks.feeds import since
from adapters.tempworks.settings import Settings

SEEN = search.LAST_MODIFIED.seen


def column(number: str, name: str | None) -> wire.Column:
    return wire.Column(columnId=number, columnName=name)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([column("a", "LastModified")], "a"),
        ([column("a", " lastmodified "), column("b", "Other")], "a"),
        ([column("a", "LastModified"), column("b", "LastModified")], SEEN),
        ([column("a", None)], SEEN),
        ([], SEEN),
    ],
)
def test_a_column_is_found_by_its_name_unless_several_are_called_so(rows: list[wire.Column], found: str) -> None:
    assert search._found(search.LAST_MODIFIED, rows) == found


def test_a_column_that_was_never_seen_is_not_made_up() -> None:
    assert search._found(search.JOB_ORDER_MODIFIED, [column("a", "Other")]) is None


@pytest.mark.parametrize(
    ("zone", "asked"),
    [
        ("America/New_York", "2026-07-01T07:50:00"),
        ("UTC", "2026-07-01T11:50:00"),
        (None, "2026-06-30T11:50:00"),
    ],
)
def test_changes_are_asked_for_in_the_customers_time_and_with_an_overlap(zone: str | None, asked: str) -> None:
    settings = Settings(base_url="https://api.ontempworks.com", time_zone=zone)

    assert since(settings, datetime(2026, 7, 1, 12, tzinfo=UTC)) == asked


def test_a_search_says_all_that_it_wants() -> None:
    wanted = search.Wanted(
        rules=(search.Rule(search.ACTIVATED, "3", ("2026-07-01T07:50:00",)),),
        condition=search.OR,
        shown=(search.EMPLOYEE_ID,),
        sorted_by=search.EMPLOYEE_ID,
    )

    body = search._body(wanted, {search.ACTIVATED: "a", search.EMPLOYEE_ID: "b"}, 99, 100)

    assert body == {
        "searchCriteria": {
            "rootGroup": {
                "condition": 1,
                "not": False,
                "rules": [{"columnId": "a", "operatorId": 3, "values": ["2026-07-01T07:50:00"]}],
            },
            "returnColumnIds": ["b"],
        },
        "sortByColumns": [{"columnId": "b", "isDescending": False}],
        "ignoreCachedResults": True,
        "skip": 99,
        "take": 100,
    }
