import json
import socket
import sqlite3
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from adapters.clock import SystemClock
from adapters.persistence.stores import open_stores
from adapters.vault import FernetVault
from entrypoints.cli import demo_story as story
from entrypoints.sandbox import erecruit
from ports.scope import EVERYTHING
from tests.cli.command import a_terminal
from tests.persistence.receivers import SECRET, endpoint


@pytest.mark.parametrize("command", ["web", "work"])
async def test_parts_that_run_apart_name_every_setting_that_is_missing(tmp_path: Path, command: str) -> None:
    bare = a_terminal(tmp_path, ATSBRIDGE_DATABASE_URL="", ATSBRIDGE_ADMIN_KEY="", ATSBRIDGE_VAULT_KEYS="")
    ended = await bare.run(command)
    assert ended.code == 2
    for name in ("DATABASE_URL", "VAULT_KEYS", "ADMIN_KEY"):
        assert f"ATSBRIDGE_{name} is missing" in ended.err


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ATSBRIDGE_PORT", "eighty"),
        ("ATSBRIDGE_PORT", "99999"),
        ("ATSBRIDGE_LOG_FORMAT", "xml"),
        ("ATSBRIDGE_CONCURRENCY", "0"),
        ("ATSBRIDGE_ADMIN_KEY", "short"),
        ("ATSBRIDGE_VAULT_KEYS", "not-a-key"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_said_in_a_line(tmp_path: Path, setting: str, value: str) -> None:
    ended = await a_terminal(tmp_path, **{setting: value}).run("web")
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert setting.removeprefix("ATSBRIDGE_").lower() in ended.err.lower()
    assert "short" not in ended.err.replace("at least", "")


@pytest.mark.slow
async def test_the_whole_way_on_the_command_line(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path)
    async with erecruit.running(rate_limit=None) as sandbox:
        body = json.dumps(sandbox.connection).encode()
        (added,) = (await terminal.run("connections", "add", "-", stdin=body)).lines()
        assert "credentials" not in added
        (listed,) = (await terminal.run("connections", "list")).lines()
        assert listed == added
        checked = await terminal.run("connections", "check", added["id"])
        assert (checked.code, checked.lines()[0]["ok"]) == (0, True)
        event = tmp_path / "event.json"
        event.write_text(json.dumps(story.screening_event(added["id"])))
        first = await terminal.run("commands", "add", "--connection", added["id"], str(event))
        again = await terminal.run("commands", "add", "--connection", added["id"], str(event))
        assert first.out.split()[1:] == ["accepted"]
        assert again.out.split() == [first.out.split()[0], "was", "there", "already"]
        elsewhere = await terminal.run("commands", "add", "--connection", "con_other", str(event))
        assert (elsewhere.code, "/subject" in elsewhere.err) == (1, True)
        (shown,) = (await terminal.run("writebacks", "list", "--state", "waiting")).lines()
        assert shown["id"] == first.out.split()[0]
        assert (await terminal.run("writebacks", "replay", shown["id"])).code == 1
        assert (await terminal.run("connections", "remove", added["id"])).code == 0
        assert (await terminal.run("connections", "check", added["id"])).code == 1


async def test_keys_are_made_listed_and_revoked(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path)
    made = await terminal.run("keys", "create", "for tests", "read", "write", "--days", "3")
    kept, key = made.out.splitlines()
    assert key.startswith(f"atsb_{json.loads(kept)['id']}_")
    listed = await terminal.run("keys", "list")
    assert {one["name"] for one in listed.lines()} == {"for tests", "the admin key of the settings"}
    assert key not in listed.out
    assert (await terminal.run("keys", "revoke", json.loads(kept)["id"])).code == 0
    assert (await terminal.run("keys", "revoke", "nobody")).code == 1


async def test_a_vault_key_that_was_lost_is_found_out_at_the_start(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path)
    async with erecruit.running(rate_limit=None) as sandbox:
        await terminal.run("connections", "add", "-", stdin=json.dumps(sandbox.connection).encode())
    other = a_terminal(tmp_path, ATSBRIDGE_VAULT_KEYS=Fernet.generate_key().decode())
    ended = await other.run("web")
    assert ended.code == 2
    assert "VAULT_KEYS" in ended.err


@pytest.mark.slow
async def test_a_vault_key_is_changed_for_another(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    async with erecruit.running(rate_limit=None) as sandbox:
        body = json.dumps(sandbox.connection).encode()
        first = a_terminal(tmp_path, ATSBRIDGE_VAULT_KEYS=old)
        await first.run("connections", "add", "-", stdin=body)
        url = first.settings["ATSBRIDGE_DATABASE_URL"]
        async with open_stores(url, vault=FernetVault([old]), clock=SystemClock()) as stores:
            await stores.endpoints.add(endpoint(of=None), SECRET)
        both = a_terminal(tmp_path, ATSBRIDGE_VAULT_KEYS=f"{new}, {old}")
        assert (await both.run("connections", "reseal")).out == "2 resealed\n"
        async with open_stores(url, vault=FernetVault([new]), clock=SystemClock()) as stores:
            await stores.endpoints.reseal(EVERYTHING, endpoint().id)  # it can be opened
        listed = await a_terminal(tmp_path, ATSBRIDGE_VAULT_KEYS=new).run("connections", "list")
        assert len(listed.lines()) == 1
        assert (await a_terminal(tmp_path, ATSBRIDGE_VAULT_KEYS=old).run("connections", "list")).code == 2


async def test_bad_bodies_name_their_faults(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path)
    ended = await terminal.run("connections", "add", "-", stdin=b'{"provider": "erecruit", "nmae": 1}')
    assert ended.code == 1
    for pointer in ("/nmae", "/name"):
        assert pointer in ended.err
    assert (await terminal.run("connections", "add", "-", stdin=b"{")).code == 1
    with sqlite3.connect(tmp_path / "cli.db") as database:
        assert database.execute("select count(*) from connections").fetchone() == (0,)
    database.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("connections", "add", "missing.json"),
        ("commands", "add", "missing.json", "--connection", "c"),
        ("connections", "add", "."),
    ],
)
async def test_a_file_that_cannot_be_read_is_said_in_a_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = await a_terminal(tmp_path).run(*arguments)
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert arguments[2] in ended.err


async def test_json_that_is_too_deep_is_said_in_a_line(tmp_path: Path) -> None:
    ended = await a_terminal(tmp_path).run("connections", "add", "-", stdin=b"[" * 100_000)
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)


async def test_a_port_that_is_taken_is_said_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = await a_terminal(tmp_path, ATSBRIDGE_PORT=str(taken.getsockname()[1])).run("web")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert "address already in use" in ended.err


@pytest.mark.parametrize("limit", ["0", "-1"])
async def test_no_list_is_asked_for_less_than_one(tmp_path: Path, limit: str) -> None:
    ended = await a_terminal(tmp_path).run("writebacks", "list", "--limit", limit)
    assert (ended.code, "--limit" in ended.err) == (2, True)


async def test_the_capabilities_are_data_too(tmp_path: Path) -> None:
    ended = await a_terminal(tmp_path).run("capabilities", "--json")
    rows = json.loads(ended.out)["erecruit"]
    absent = {row: cell["why"] for row, cell in rows.items() if cell["state"] == "absent"}
    assert (len(rows), set(absent)) == (25, {"result_delivery", "result_links"})
