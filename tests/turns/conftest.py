"""Each test of turns runs on every keeper of them."""

from pathlib import Path

import pytest

from tests.turns.keepers import KEEPERS, Office, office


@pytest.fixture(params=KEEPERS)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    return office(request.param, request.config, tmp_path)
