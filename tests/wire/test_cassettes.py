"""Our bytes have not changed: each endpoint as it was recorded, for a success and for a refusal."""

import re
from pathlib import Path
from typing import Any

import pytest
from vcr.serializers import yamlserializer

from adapters.erecruit.endpoints import ENDPOINTS
from adapters.erecruit.routing import routed
from adapters.erecruit.settings import read_settings
from ports.gateway import Gateway
from tests.wire.case import Case
from tests.wire.conftest import CASSETTES
from tests.wire.public import CONNECTION, LEGACY, SECRETS, STANDARD
from tests.wire.rows import CASES

BASES = {"standard": f"{STANDARD}/webapi", "legacy": f"{LEGACY}/api"}


@pytest.mark.vcr
@pytest.mark.usefixtures("all_played")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_adapter_says_what_was_recorded(case: Case, gateway: Gateway) -> None:
    if isinstance(case.result, type):
        with pytest.raises(case.result):
            await case.act(gateway)
    else:
        given = await case.act(gateway)
        assert case.result(given), given


def _exchanges(file: Path) -> list[tuple[str, str, int]]:
    recorded: Any = yamlserializer.deserialize(file.read_text())
    return [
        (one["request"]["method"], one["request"]["uri"], one["response"]["status"]["code"])
        for one in recorded["interactions"]
    ]


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: row.name)
@pytest.mark.parametrize(("kind", "statuses"), [("success", range(200, 300)), ("refusal", range(400, 500))])
def test_each_endpoint_was_recorded(row: Any, kind: str, statuses: range) -> None:
    mine = routed(row, read_settings(CONNECTION["settings"], None))
    path = re.sub(r"\\{\w+\\}", r"[^/?]+", re.escape(BASES[mine.host] + mine.path))

    recorded = _exchanges(CASSETTES / f"{row.name}.{kind}.yaml")

    assert [
        status
        for method, uri, status in recorded
        if method == row.method and re.fullmatch(rf"{path}(\?.*)?", uri) and status in statuses
    ]


def test_each_cassette_belongs_to_a_test() -> None:
    assert {file.stem for file in CASSETTES.glob("*.yaml")} == {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cassette_holds_no_secret_and_no_other_host(case: Case) -> None:
    text = (CASSETTES / f"{case.name}.yaml").read_text()

    assert not [secret for secret in SECRETS if secret in text]
    assert not re.findall(r"(?i)bearer (?!REDACTED)\S+|127\.0\.0\.1|localhost", text)
    hosts = set(re.findall(r"https?://([^/\s'\"\\]+)", text))
    assert {host for host in hosts if not re.fullmatch(r"([\w-]+\.)*example(\.test)?", host)} == set()
