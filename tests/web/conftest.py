"""Fixtures of the HTTP side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.rig import Api, an_api


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with an_api(tmp_path) as opened:
        yield opened


@pytest.fixture
async def connection(api: Api) -> str:
    return await api.add_connection()
