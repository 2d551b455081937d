"""Who may know whom."""

import subprocess
import sysconfig
from pathlib import Path

from tests.shape.source import ROOT, suite

SCRIPTS = Path(sysconfig.get_path("scripts"))


def test_every_import_looks_inwards() -> None:
    checked = subprocess.run(
        [SCRIPTS / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout[-3000:]


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {module.path.parent for module in suite()}

    assert {str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_no_folder_of_tests_is_named_like_a_layer() -> None:
    layers = {"domain", "ports", "adapters", "application", "entrypoints"}

    assert {module.name for module in suite() if set(module.path.relative_to(ROOT).parts) & layers} == set()
