"""The packages have common names: what is installed must be ours, wherever it is started from."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.shape.source import PACKAGES, ROOT

SCRIPT = Path(sysconfig.get_path("scripts")) / "atsbridge"
WHERE = f"import {', '.join(PACKAGES)}; print(*(p.__file__ for p in ({', '.join(PACKAGES)})), sep='\\n')"


def _run(*command: str | Path, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # noqa: TID251 - a child's
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is delivered."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_from_another_folder_the_packages_are_ours(tmp_path: Path) -> None:
    shown = _run(sys.executable, "-c", WHERE, cwd=tmp_path)

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.split() == [str(ROOT / name / "__init__.py") for name in PACKAGES]


def test_the_installed_command_runs_from_another_folder(tmp_path: Path) -> None:
    shown = _run(SCRIPT, "--help", cwd=tmp_path)

    assert shown.returncode == 0, shown.stderr
    assert "capabilities" in shown.stdout


def test_a_stranger_of_the_same_name_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "__init__.py").touch()

    shown = _run(SCRIPT, "--help", cwd=tmp_path, path=tmp_path)

    assert shown.returncode == 1
    assert shown.stderr.splitlines() == [
        "atsbridge: another package shadows domain: install it into an environment of its own"
    ]


def test_the_wheel_holds_all_that_the_packages_hold(wheel: Path) -> None:
    files = (path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file())
    ours = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}

    names = set(zipfile.ZipFile(wheel).namelist())

    assert ours <= names
    assert {name.partition("/")[0] for name in names} == {*PACKAGES, "atsbridge-0.1.0.dist-info"}


def test_the_wheel_works_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)

    shown = _run(sys.executable, "-c", WHERE, cwd=elsewhere, path=site)
    started = _run(
        sys.executable, "-c", "from entrypoints.cli.main import main; main()", "--help", cwd=elsewhere, path=site
    )

    assert shown.stdout.split() == [str(site / name / "__init__.py") for name in PACKAGES], shown.stderr
    assert started.returncode == 0, started.stderr
