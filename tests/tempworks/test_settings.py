"""What a connection to TempWorks is told, and what it is not told."""

from typing import Any

import pytest

from adapters.tempworks import settings
from domain.errors import InvalidError

MINIMAL = {"base_url": "https://api.ontempworks.com"}


def test_little_must_be_said_and_the_rest_is_filled_in() -> None:
    kept = settings.check_settings(MINIMAL).settings

    assert kept["login_url"] == "https://login.ontempworks.com/connect/token"
    assert kept["webhooks_url"] == "https://webhooks-api.ontempworks.com/api"
    assert (kept["auth"], kept["message_action_id"], kept["in_flight"]) == ("token", None, 5)
    assert settings.read_settings(kept) == settings.read_settings(MINIMAL)


def test_addresses_go_with_what_they_are_for() -> None:
    given = {**MINIMAL, "login_url": "https://login.customer.example", "webhooks_url": "https://hooks.customer.example"}

    assert settings.check_settings(given).hosts == {
        "base https://api.ontempworks.com",
        "login https://login.customer.example/connect/token",
        "webhooks https://hooks.customer.example/api",
    }


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"base_url": None}, "/base_url"),
        ({"base_url": "http://api.example"}, "/base_url"),
        ({"base_url": "https://api.example/?x-tw-token=1"}, "/base_url"),
        ({"auth": "query"}, "/auth"),
        ({"message_action_id": "Phone Screen"}, "/message_action_id"),
        ({"screened_status_id": "5"}, "/screened_status_id"),
        ({"time_zone": "EST5EDT4"}, "/time_zone"),
        ({"in_flight": 0}, "/in_flight"),
        ({"assumed": {"operator.since": "three"}}, "/assumed/operator.since"),
        ({"assumed": {"longest_note": "10"}}, "/assumed/longest_note"),
        ({"assumed": {"path.upload": "/Employees/documents"}}, "/assumed/path.upload"),
        ({"assumed": {"path.employee": "/People/{candidate_id}"}}, "/assumed/path.employee"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_what_cannot_be_is_named_by_its_place(wrong: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidError) as error:
        settings.check_settings({**MINIMAL, **wrong})

    assert [fault.pointer for fault in error.value.faults] == [pointer]


@pytest.mark.parametrize("method", list(settings.Method))
def test_credentials_are_those_of_one_way_to_log_in(method: settings.Method) -> None:
    given = dict.fromkeys(settings.NEEDED[method], "canary-1")

    assert settings.check_credentials(given) == given
    assert settings.way_of(settings.read_credentials(given)) is method


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"webhook_secret": "canary-1"},
        {"account_sid": "canary-1"},
        {"token": "canary-1", "client_id": "canary-1"},
        {"client_id": "canary-1", "client_secret": "canary-1", "tenant": "acme"},
        {"token": "canary 1"},
        {"account_sid": "canary:1", "auth_token": "canary-1"},
        {"token": "canary-1\n"},
    ],
)
def test_credentials_of_none_or_of_two_are_refused_and_not_quoted(given: dict[str, str]) -> None:
    with pytest.raises(InvalidError) as error:
        settings.check_credentials(given)

    assert "canary" not in str(error.value)


def test_credentials_do_not_show_themselves() -> None:
    secrets = {"client_id": "c", "client_secret": "canary-1", "tenant": "acme", "product_instance": "p"}

    assert "canary" not in repr(settings.read_credentials({**secrets, "webhook_secret": "canary-2"}))


def test_without_a_zone_changes_are_asked_for_a_day_further_back() -> None:
    known = settings.read_settings({**MINIMAL, "time_zone": "America/New_York"})

    assert settings.read_settings(MINIMAL).lookback - known.lookback == 86_400
