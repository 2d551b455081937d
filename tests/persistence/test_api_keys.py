"""API keys: kept without their secrets."""

import hashlib

import attrs
import pytest

from domain.ids import ConnectionId
from ports.api_keys import ApiKey, Permission
from ports.errors import NotFoundError
from ports.scope import EVERYTHING, Scope
from tests.persistence.builders import ACME, CREDENTIALS, NOON, OTHER, connection
from tests.persistence.worlds import World


def key(key_id: str, of: ConnectionId | None = None) -> ApiKey:
    return ApiKey(
        id=key_id,
        name="screening product",
        permissions=frozenset({Permission.READ, Permission.WRITE}),
        connection=of,
        created_at=NOON,
        expires_at=NOON,
        secret_sha256=hashlib.sha256(b"secret").digest(),
    )


async def test_it_comes_back_as_it_went_in(world: World) -> None:
    await world.stores.api_keys.add(key("key_1"))
    assert await world.stores.api_keys.get("key_1") == key("key_1")
    assert await world.stores.api_keys.get("key_2") is None


async def test_the_same_id_replaces(world: World) -> None:
    await world.stores.api_keys.add(key("key_1"))
    newer = attrs.evolve(key("key_1"), name="newer", expires_at=None)
    await world.stores.api_keys.add(newer)
    assert await world.stores.api_keys.page(EVERYTHING, after=None, limit=10) == (newer,)


async def test_pages_go_by_id_within_the_scope(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    for n in range(4):
        await world.stores.api_keys.add(key(f"key_{n}", (ACME, OTHER)[n % 2]))
    everyones = await world.stores.api_keys.page(EVERYTHING, after="key_0", limit=2)
    assert [one.id for one in everyones] == ["key_1", "key_2"]
    mine = await world.stores.api_keys.page(Scope(ACME), after=None, limit=10)
    assert [one.id for one in mine] == ["key_0", "key_2"]


async def test_a_key_that_is_removed_is_gone(world: World) -> None:
    await world.stores.api_keys.add(key("key_1"))
    await world.stores.api_keys.remove(EVERYTHING, "key_1")
    assert await world.stores.api_keys.get("key_1") is None
    with pytest.raises(NotFoundError):
        await world.stores.api_keys.remove(EVERYTHING, "key_1")


async def test_a_key_for_a_connection_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError):
        await world.stores.api_keys.add(key("key_1", ACME))
