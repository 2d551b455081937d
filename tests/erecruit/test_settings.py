"""Settings and credentials as people send them: every fault at once, by its pointer."""

from typing import Any

import pytest

from adapters.deps import Deps
from adapters.erecruit.settings import ROUTES, SAMPLE, read_settings
from adapters.providers import PROVIDERS, Catalogue
from adapters.turns.in_process import InProcessTurns
from domain.errors import InvalidError
from ports.gateway import CAPABILITIES, Absence, AbsenceKind, Provider, absences
from tests.clocks import FakeClock

ERECRUIT = Provider.ERECRUIT
CREDENTIALS = {
    "client_id": "id",
    "client_secret": "hush",
    "legacy_user_name": "api",
    "legacy_password": "hush too",
    "legacy_entity_id": "e01",
}


@pytest.fixture
def catalogue() -> Catalogue:
    clock = FakeClock()
    return Catalogue(Deps(turns=InProcessTurns(clock), clock=clock), exempt={"ats.customer.example"})


def faults_of(catalogue: Catalogue, **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidError) as error:
        catalogue.check_settings(ERECRUIT, {**SAMPLE, **changes})
    return {fault.pointer: fault.message for fault in error.value.faults}


def test_what_is_left_out_is_filled_in(catalogue: Catalogue) -> None:
    checked = catalogue.check_settings(ERECRUIT, SAMPLE).settings

    assert checked["resources"] == {"candidate": "Contact", "application": "Submission"}
    assert (checked["tag_id"], checked["screened_status_id"], checked["note_action_id"]) == ("65880", "101", "496")
    assert (checked["overlap_seconds"], checked["settle_seconds"]) == (7200, 120)
    assert checked["routes"] == ROUTES
    assert catalogue.check_settings(ERECRUIT, checked).settings == checked


def test_operations_go_where_the_contract_has_them() -> None:
    legacy = {"statuses", "move", "reasons", "reject", "upload", "tags", "candidate_tags", "add_tag"}

    assert {name for name, host in ROUTES.items() if host == "legacy"} == legacy


def test_every_fault_is_named_at_once(catalogue: Catalogue) -> None:
    found = faults_of(
        catalogue,
        base_url="http://erecruit.example",
        login_url=5,
        time_zone="America/Torontoo",
        legacy_url="https://elsewhere.example",
        tag_id=65880,
        rate_limit=True,
        in_flight=2.5,
        colour="red",
        resources={"candidate": "../Position", "person": "Contact"},
        routes={"move": "both", "fly": "legacy"},
        assumed={"page_size": "many", "path.job": "/Position", "path.add_note": "Note"},
        **{"a/b~c": 1},
    )

    assert set(found) == {
        "/settings/base_url",
        "/settings/login_url",
        "/settings/time_zone",
        "/settings/legacy_url",
        "/settings/tag_id",
        "/settings/rate_limit",
        "/settings/in_flight",
        "/settings/colour",
        "/settings/resources/candidate",
        "/settings/resources/person",
        "/settings/routes/move",
        "/settings/routes/fly",
        "/settings/assumed/page_size",
        "/settings/assumed/path.job",
        "/settings/assumed/path.add_note",
        "/settings/a~1b~0c",
    }
    assert "TLS_EXEMPT_HOSTS" in found["/settings/legacy_url"]


@pytest.mark.parametrize("name", ["base_url", "login_url", "legacy_url", "time_zone"])
@pytest.mark.parametrize("way", ["left out", "null"])
def test_what_is_required(catalogue: Catalogue, name: str, way: str) -> None:
    given = {key: value for key, value in SAMPLE.items() if key != name} | ({name: None} if way == "null" else {})
    with pytest.raises(InvalidError) as error:
        catalogue.check_settings(ERECRUIT, given)

    assert [(fault.pointer, fault.message) for fault in error.value.faults] == [(f"/settings/{name}", "is required")]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "erecruit.example",
        "ftp://erecruit.example",
        "http://erecruit.example",
        "https://user:secret@erecruit.example",
        "https://erecruit.example/?x=1",
        "https://erecruit.example/#x",
        "https://169.254.169.254/latest",
        "https://[::ffff:169.254.169.254]/latest",
        "https://2852039166/latest",
        "https://0xa9fea9fe/latest",
        "https://[fe80::1]/",
        "https://",
        "https://erecruit.example:99999",
        None.__class__,
    ],
)
def test_an_address_that_will_not_do(catalogue: Catalogue, url: object) -> None:
    found = faults_of(catalogue, base_url=url)

    assert set(found) == {"/settings/base_url"}
    assert "secret" not in found["/settings/base_url"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://erecruit.example", "https://erecruit.example/webapi"),
        ("https://erecruit.example/", "https://erecruit.example/webapi"),
        ("https://erecruit.example/WebAPI/", "https://erecruit.example/WebAPI"),
        ("https://10.1.2.3:8443/x", "https://10.1.2.3:8443/x"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/webapi"),
    ],
)
def test_addresses_are_kept_whole(given: str, kept: str) -> None:
    assert read_settings({**SAMPLE, "base_url": given}).base_url == kept


@pytest.mark.parametrize("host", ["webapi.myagilus.ca", "127.0.0.1:4443", "localhost:4443", "ats.customer.example"])
def test_hosts_that_may_go_unverified(catalogue: Catalogue, host: str) -> None:
    checked = catalogue.check_settings(ERECRUIT, {**SAMPLE, "legacy_url": f"https://{host}"})

    assert checked.settings["legacy_url"] == f"https://{host}/api"


def test_the_legacy_host_is_not_reached_without_encryption(catalogue: Catalogue) -> None:
    assert set(faults_of(catalogue, legacy_url="http://127.0.0.1/api")) == {"/settings/legacy_url"}


def test_hosts_are_others_when_an_address_or_the_pin_changes(catalogue: Catalogue) -> None:
    def hosts(**changes: str) -> frozenset[str]:
        return catalogue.check_settings(ERECRUIT, {**SAMPLE, **changes}).hosts

    changes: list[dict[str, str]] = [
        {"base_url": "https://other.example"},
        {"login_url": "https://other.example"},
        {"legacy_url": "https://127.0.0.1"},
        {"legacy_pin": "ab" * 32},
    ]
    assert len({hosts(), *(hosts(**change) for change in changes)}) == 5
    assert hosts(tag_id="1") == hosts()


def test_addresses_that_change_places_are_other_hosts(catalogue: Catalogue) -> None:
    swapped = {**SAMPLE, "base_url": SAMPLE["login_url"], "login_url": SAMPLE["base_url"]}
    before, after = (catalogue.check_settings(ERECRUIT, one).hosts for one in (SAMPLE, swapped))
    assert before != after


@pytest.mark.parametrize(
    "path",
    [
        "/Submission/Status",
        "/Submission/{application_id}/{application_id}",
        "/Submission/{id}/Status",
        "/Submission/{application_id.__class__}/Status",
        "/Submission/{application_id/Status",
        "/Submission/{}/Status",
        "/<submission>/{application_id}/Status",
        "/../{application_id}/Status",
        "/x/./{application_id}",
        "/{application_id}/..",
        "//elsewhere.example/{application_id}",
        "/{application_id}/",
        "https://elsewhere.example/{application_id}",
    ],
)
def test_a_path_that_cannot_stand_for_the_usual_one_is_refused(catalogue: Catalogue, path: str) -> None:
    assert set(faults_of(catalogue, assumed={"path.move": path})) == {"/settings/assumed/path.move"}


@pytest.mark.parametrize("path", ["/V2/<applications>/{application_id}/Move", "/Status.of-{application_id}/~move"])
def test_a_path_of_the_customer_names_the_same_record(catalogue: Catalogue, path: str) -> None:
    settings = catalogue.check_settings(ERECRUIT, {**SAMPLE, "assumed": {"path.move": path}}).settings
    assert settings["assumed"] == {"path.move": path}


def test_no_page_is_empty(catalogue: Catalogue) -> None:
    assert set(faults_of(catalogue, assumed={"page_size": "0"})) == {"/settings/assumed/page_size"}


def test_credentials_are_checked_without_being_quoted(catalogue: Catalogue) -> None:
    assert catalogue.check_credentials(ERECRUIT, CREDENTIALS) == CREDENTIALS
    with pytest.raises(InvalidError) as error:
        catalogue.check_credentials(ERECRUIT, {"client_secret": ["hush"], "client_id": " ", "pass\x00word": "hush"})

    assert {fault.pointer for fault in error.value.faults} == {
        "/credentials/pass\x00word",
        "/credentials/client_secret",
        "/credentials/client_id",
        "/credentials/legacy_user_name",
        "/credentials/legacy_password",
        "/credentials/legacy_entity_id",
    }
    assert "hush" not in str(error.value)


def test_a_sample_shows_what_can_be_done_without_credentials(catalogue: Catalogue) -> None:
    gateway = catalogue.sample(ERECRUIT)

    assert set(absences(gateway)) == {"result_delivery", "result_links"}
    assert len(CAPABILITIES) - len(absences(gateway)) == 22
    kinds = [one.kind for one in (gateway.result_delivery, gateway.result_links) if isinstance(one, Absence)]
    assert kinds == [AbsenceKind.NOT_APPLICABLE, AbsenceKind.NOT_OFFERED]


def test_a_sample_may_have_the_settings_of_a_connection(catalogue: Catalogue) -> None:
    gateway = catalogue.sample(ERECRUIT, {**SAMPLE, "tag_id": "7"})

    assert getattr(gateway.tagging, "screened_tag", None) == "7"


@pytest.mark.parametrize("provider", [one for one in PROVIDERS if one is not Provider.PUBLIC_API])
def test_each_capability_says_which_endpoints_it_uses(catalogue: Catalogue, provider: Provider) -> None:
    gateway = catalogue.sample(provider)
    ports = [getattr(gateway, name) for name in CAPABILITIES]

    assert all(port.uses for port in ports if not isinstance(port, Absence))


def test_a_capability_has_no_other_endpoint_than_it_says(catalogue: Catalogue) -> None:
    used = {row.name for name in CAPABILITIES for row in getattr(getattr(catalogue.sample(ERECRUIT), name), "uses", ())}

    assert used == set(ROUTES)
