"""The README's commands, run as they stand there."""

import asyncio
import os
import re
import shutil
import socket
import stat
import sys
from pathlib import Path

import attrs
import pytest

from adapters.erecruit.settings import Settings as ErecruitSettings
from adapters.kombo.settings import Settings as KomboSettings
from adapters.tempworks.settings import Settings as TempWorksSettings
from entrypoints.settings import PREFIX, Settings, child_environment

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
CURL = """#!{python}
import sys, urllib.request
args, headers, data, url, method = sys.argv[1:], {{}}, None, "", None
while args:
    arg = args.pop(0)
    if arg == "-H":
        name, _, value = args.pop(0).partition(": ")
        headers[name] = value
    elif arg == "-d":
        data = open(args.pop(0)[1:], "rb").read()
    elif arg == "-X":
        method = args.pop(0)
    elif arg != "-sS":
        url = arg
sys.stdout.write(urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)).read().decode())
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def a_place_with_tools(folder: Path) -> dict[str, str]:
    """The environment that `make` made, where the README says it is; and a curl, if the machine has none."""
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    tools = folder / "tools"
    tools.mkdir()
    if shutil.which("curl") is None:
        curl = tools / "curl"
        curl.write_text(CURL.format(python=sys.executable))
        curl.chmod(curl.stat().st_mode | stat.S_IXUSR)
    path = os.pathsep.join((str(tools), str(Path(sys.executable).parent), os.defpath, "/usr/local/bin"))
    return child_environment({"PATH": path, "ATSBRIDGE_LOG_FORMAT": "console"})


@pytest.mark.slow
async def test_the_walk_by_hand_leads_where_it_says(tmp_path: Path) -> None:
    environment = a_place_with_tools(tmp_path)
    port, queue = str(free_port()), str(free_port())
    walk = "\n".join(BLOCKS).replace("make .venv/.installed", "true")
    walk = walk.replace(":8080", f":{port}").replace("4222", queue)
    script = f"set -euo pipefail\ntrap 'kill $(jobs -p)' EXIT\n{walk}"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", script),
        cwd=tmp_path,
        env=environment | {"ATSBRIDGE_PORT": port},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 110)
    text = output.decode()
    assert process.returncode in {0, 143}, text
    (shown,) = (line for line in text.splitlines() if line.endswith("kept as number 1"))
    assert '"state":"done"' in text, text
    assert shown.count('"state":"confirmed"') == 3, text
    (barred,) = (line for line in text.splitlines() if "is barred: Kombo" in line)
    assert barred.count('"state":"planned"') == 4, text
    (noted,) = (line for line in text.splitlines() if "sourcing-1" in line)
    assert noted.count('"state":"confirmed"') == 1, text
    assert "pull: 3 done, 0 failed;" in text, text
    assert re.search(r"^[1-9]\d* candidates$", text.replace("}", "}\n"), re.MULTILINE), text
    keys = tmp_path / "data" / "keys.toml"
    assert stat.S_IMODE(keys.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in keys.parent.iterdir()} == {0o600}


@pytest.mark.parametrize("settings", [ErecruitSettings, KomboSettings, TempWorksSettings])
def test_every_setting_of_a_connection_stands_in_the_table(settings: type[attrs.AttrsInstance]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("| connection setting |")[2].partition("\n\n")[0]
    assert [one.name for one in attrs.fields(settings) if f"`{one.name}`" not in table] == []


def test_every_setting_stands_in_the_table() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in attrs.fields(Settings) if f"`{PREFIX}{one.name.upper()}`" not in text] == []
