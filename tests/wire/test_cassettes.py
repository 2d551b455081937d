"""Our bytes have not changed: each endpoint as it was recorded, for a success and for a refusal."""

import re
from typing import Any

import pytest
from vcr.serializers import yamlserializer

from ports.gateway import Gateway
from tests.wire.case import Case, Exchange, Recorded
from tests.wire.conftest import CASSETTES
from tests.wire.every import CASES, RECORDED, name

ENDPOINTS = [(one, row) for one in RECORDED for row in one.endpoints]


@pytest.mark.vcr
@pytest.mark.usefixtures("all_played")
@pytest.mark.parametrize(("recorded", "case"), CASES, ids=name)
async def test_the_adapter_says_what_was_recorded(recorded: Recorded, case: Case, gateway: Gateway) -> None:
    if isinstance(case.result, type):
        with pytest.raises(case.result):
            await case.act(gateway)
    else:
        given = await case.act(gateway)
        assert case.result(given), given


def _exchanges(recorded: Recorded, case: str) -> list[Exchange]:
    kept: Any = yamlserializer.deserialize((CASSETTES / recorded.provider / f"{case}.yaml").read_text())
    return [recorded.exchange(one) for one in kept["interactions"]]


@pytest.mark.parametrize(("recorded", "row"), ENDPOINTS, ids=lambda one: getattr(one, "name", None) or name(one))
@pytest.mark.parametrize(("kind", "statuses"), [("success", range(200, 300)), ("refusal", range(400, 500))])
def test_each_endpoint_was_recorded(recorded: Recorded, row: Any, kind: str, statuses: range) -> None:
    path = re.sub(r"\\{\w+\\}", r"[^/?]+", re.escape(recorded.bases[row.host] + row.path))

    exchanges = _exchanges(recorded, f"{row.name}.{kind}")

    assert [
        status
        for method, uri, status in exchanges
        if method == row.method and re.fullmatch(rf"{path}(\?.*)?", uri) and status in statuses
    ]


@pytest.mark.parametrize("recorded", RECORDED, ids=name)
def test_each_cassette_belongs_to_a_test(recorded: Recorded) -> None:
    kept = {file.stem for file in (CASSETTES / recorded.provider).glob("*.yaml")}

    assert kept == {case.name for case in recorded.cases}


@pytest.mark.parametrize(("recorded", "case"), CASES, ids=name)
def test_a_cassette_holds_no_secret_and_no_other_host(recorded: Recorded, case: Case) -> None:
    text = (CASSETTES / recorded.provider / f"{case.name}.yaml").read_text()

    assert not [secret for secret in recorded.secrets if secret in text]
    assert not re.findall(r"(?i)bearer (?!REDACTED)\S+|127\.0\.0\.1|localhost", text)
    hosts = set(re.findall(r"https?://([^/\s'\"\\]+)", text))
    assert {host for host in hosts if not re.fullmatch(r"([\w-]+\.)*example(\.test)?", host)} == set()
