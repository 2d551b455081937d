"""The vault: what is sealed opens for its own row only."""

import pytest

from adapters.vault import FernetVault, new_key
from domain.ids import ConnectionId
from ports.vault import SealError

ACME = ConnectionId("con_acme")
SECRET = {"api_key": "canary-4f1d"}


def test_it_opens_what_it_sealed() -> None:
    vault = FernetVault([new_key()])
    assert vault.unseal(ACME, 3, vault.seal(ACME, 3, SECRET)) == SECRET


@pytest.mark.parametrize(("connection", "revision"), [(ConnectionId("con_other"), 3), (ACME, 2)])
def test_a_seal_moved_to_another_row_is_refused(connection: ConnectionId, revision: int) -> None:
    vault = FernetVault([new_key()])
    sealed = vault.seal(ACME, 3, SECRET)
    with pytest.raises(SealError, match="another row"):
        vault.unseal(connection, revision, sealed)


def test_an_older_key_opens_and_the_first_one_seals() -> None:
    old, new = new_key(), new_key()
    sealed = FernetVault([old]).seal(ACME, 1, SECRET)
    both = FernetVault([new, old])
    assert both.unseal(ACME, 1, sealed) == SECRET
    resealed = both.resealed(ACME, 1, sealed)
    assert FernetVault([new]).unseal(ACME, 1, resealed) == SECRET


def test_a_lost_key_is_named_as_such() -> None:
    sealed = FernetVault([new_key()]).seal(ACME, 1, SECRET)
    with pytest.raises(SealError, match="con_acme were sealed with a key that the vault lacks") as caught:
        FernetVault([new_key()]).unseal(ACME, 1, sealed)
    assert caught.value.__suppress_context__


def test_a_damaged_seal_is_refused() -> None:
    vault = FernetVault([new_key()])
    sealed = vault.seal(ACME, 1, SECRET)
    with pytest.raises(SealError):
        vault.unseal(ACME, 1, sealed[:-4])


def test_what_is_no_key_is_told_by_its_place() -> None:
    with pytest.raises(SealError, match="key 2") as caught:
        FernetVault([new_key(), "canary"])
    assert "canary" not in str(caught.value)
    with pytest.raises(SealError, match="no key"):
        FernetVault([])


def test_nothing_shows_in_a_repr() -> None:
    key = new_key()
    assert key not in repr(FernetVault([key]))
    assert b"canary" not in FernetVault([key]).seal(ACME, 1, SECRET)
