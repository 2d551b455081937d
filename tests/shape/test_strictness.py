"""The guard against tests that do not run, seen at work on a suite of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.source import ROOT

IDLE = {
    "a_mark": "import pytest\n\n@pytest.mark.skip(reason='later')\ndef test_one(): pass\n",
    "a_call": "import pytest\n\ndef test_one(): pytest.skip('later')\n",
    "a_module": "import pytest\npytest.skip('later', allow_module_level=True)\n",
    "an_import": "import pytest\npytest.importorskip('no_such_module')\n\ndef test_one(): pass\n",
    "an_expected_failure": "import pytest\n\n@pytest.mark.xfail\ndef test_one(): raise AssertionError\n",
    "an_empty_table": "import pytest\n\n@pytest.mark.parametrize('n', [])\ndef test_one(n): pass\n",
    "a_canary": "from tests.builders import EMAIL\n\ndef test_one(): print(EMAIL)\n",
    "a_logged_canary": "import logging\n\ndef test_one(): logging.warning('canary-client-secret-7d1f')\n",
    "a_fixture": "import pytest\n\n@pytest.fixture\ndef idle(): pytest.skip('later')\n\ndef test_one(idle): pass\n",
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("idle")
    for name, text in IDLE.items():
        (folder / f"test_{name}.py").write_text(text)
    (folder / "test_at_work.py").write_text("def test_one(): pass\n")
    return _run(folder)


def _run(folder: Path) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "tests.strictness", "-p", "no:cacheprovider", "-rA", "-q"]
    where = ["--continue-on-collection-errors", "-c", "/dev/null", "--rootdir", str(folder), str(folder)]
    ran = subprocess.run([*command, *where], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.parametrize("way", IDLE)
def test_every_way_not_to_run_or_to_tell_too_much_fails(verdicts: str, way: str) -> None:
    failed = [line for line in verdicts.splitlines() if line.startswith(("FAILED", "ERROR"))]

    assert any(f"test_{way}.py" in line for line in failed), verdicts


def test_a_test_that_runs_passes(verdicts: str) -> None:
    passed = [line for line in verdicts.splitlines() if line.startswith("PASSED")]

    assert len(passed) == 1
    assert passed[0].endswith("test_at_work.py::test_one")
    assert "skipped" not in verdicts.splitlines()[-1]


def test_the_guard_is_on_duty_in_this_very_run(pytestconfig: pytest.Config) -> None:
    hooks = pytestconfig.pluginmanager.hook.pytest_runtest_makereport.get_hookimpls()

    on_duty = any(hook.function.__module__ == "tests.strictness" for hook in hooks)
    assert on_duty, "tests/conftest.py must enter the hooks of tests/strictness.py"
