"""Settings and credentials as people send them, and the three ways that they make."""

from typing import Any

import pytest

from adapters.deps import Deps
from adapters.kombo.settings import SAMPLE, read_settings
from adapters.providers import Catalogue
from adapters.turns.in_process import InProcessTurns
from domain.errors import InvalidError
from ports.gateway import CAPABILITIES, Absence, AbsenceKind, Provider, absences
from tests.clocks import FakeClock

KOMBO = Provider.KOMBO
CREDENTIALS = {"api_key": "hush", "integration_id": "greenhouse:8fCfUVxDGMfYkbBBxUhaUTkn"}


@pytest.fixture
def catalogue() -> Catalogue:
    clock = FakeClock()
    return Catalogue(Deps(turns=InProcessTurns(clock), clock=clock))


def faults_of(catalogue: Catalogue, **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidError) as error:
        catalogue.check_settings(KOMBO, {**SAMPLE, **changes})
    return {fault.pointer: fault.message for fault in error.value.faults}


def test_what_is_left_out_is_filled_in(catalogue: Catalogue) -> None:
    checked = catalogue.check_settings(KOMBO, SAMPLE).settings

    assert checked == {
        "base_url": "https://api.kombo.dev/v1",
        "note_format": "html",
        "dialect": "page",
        "passthrough_path": "/passthrough/avionte/front-office-v1",
        "activity_type_id": None,
        "tag": None,
        "overlap_seconds": 3600,
        "settle_seconds": 120,
        "pull_seconds": {},
        "request_seconds": 60,
        "rate_limit": 20,
        "in_flight": 10,
        "assumed": {},
    }
    assert catalogue.check_settings(KOMBO, checked).settings == checked


def test_every_fault_is_named_at_once(catalogue: Catalogue) -> None:
    found = faults_of(
        catalogue,
        base_url="http://api.kombo.dev/v1",
        note_format="markdown",
        dialect=5,
        passthrough_path="/passthrough/avionte/../x",
        activity_type_id=-95,
        tag=" ",
        in_flight=29,
        rate_limit=0,
        colour="red",
        assumed={"page_size": "251", "phone_region": "us", "path.move": "/x"},
    )

    assert set(found) == {
        "/settings/base_url",
        "/settings/note_format",
        "/settings/dialect",
        "/settings/passthrough_path",
        "/settings/activity_type_id",
        "/settings/tag",
        "/settings/in_flight",
        "/settings/rate_limit",
        "/settings/colour",
        "/settings/assumed/page_size",
        "/settings/assumed/phone_region",
        "/settings/assumed/path.move",
    }


def test_the_address_is_required(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidError) as error:
        catalogue.check_settings(KOMBO, {})

    assert [(fault.pointer, fault.message) for fault in error.value.faults] == [("/settings/base_url", "is required")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.us.kombo.dev", "https://api.us.kombo.dev/v1"),
        ("https://api.us.kombo.dev/v1/", "https://api.us.kombo.dev/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
    ],
)
def test_addresses_are_kept_whole(given: str, kept: str) -> None:
    assert read_settings({"base_url": given}).base_url == kept


def test_another_region_is_another_host(catalogue: Catalogue) -> None:
    there = catalogue.check_settings(KOMBO, {"base_url": "https://api.us.kombo.dev/v1"}).hosts

    assert there != catalogue.check_settings(KOMBO, SAMPLE).hosts


@pytest.mark.parametrize("secret", [None, "", "two words", "line\nbreak", "schlüssel", 5])
def test_a_key_that_no_header_can_carry_is_refused_and_not_quoted(catalogue: Catalogue, secret: object) -> None:
    with pytest.raises(InvalidError) as error:
        catalogue.check_credentials(KOMBO, {**CREDENTIALS, "api_key": secret, "integration_id": "canary:\n"})

    assert {fault.pointer for fault in error.value.faults} == {"/credentials/api_key", "/credentials/integration_id"}
    assert "canary" not in str(error.value)


def test_the_webhook_secret_may_be_left_out(catalogue: Catalogue) -> None:
    assert catalogue.check_credentials(KOMBO, CREDENTIALS) == CREDENTIALS
    secret = {**CREDENTIALS, "webhook_secret": "whsec"}
    assert catalogue.check_credentials(KOMBO, secret) == secret


def test_what_it_cannot_do_cites_why(catalogue: Catalogue) -> None:
    gateway = catalogue.sample(KOMBO)

    missing = {name: getattr(gateway, name) for name in CAPABILITIES if isinstance(getattr(gateway, name), Absence)}
    assert (
        set(missing)
        == set(absences(gateway))
        == {
            "candidate_notes",
            "application_fields",
            "candidate_fields",
            "job_fields",
            "result_delivery",
        }
    )
    for name, absence in missing.items():
        assert absence.why
        offered = AbsenceKind.NOT_APPLICABLE if name == "result_delivery" else AbsenceKind.NOT_OFFERED
        assert absence.kind is offered
        assert ("SDK 1.4.0" in absence.why) is (offered is AbsenceKind.NOT_OFFERED)
