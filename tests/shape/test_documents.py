"""What is checked in beside the code."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.shape.source import ROOT, tracked

PLACES = re.compile(rb"(?<![\w./-])/(work|root|home/[a-z]+)/")
REGISTRIES = re.compile(rb"pypi\.org|pythonhosted|index-url|artifactory", re.IGNORECASE)
MYSELF = "tests/shape/test_documents.py"
HOSTS = re.compile(r"://|^-i |--(extra-)?index|--find-links|--trusted-host| @ ", re.MULTILINE)


def test_the_lock_names_no_host() -> None:
    assert HOSTS.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")) == []


def test_every_line_of_the_lock_is_pinned_by_digest() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]

    assert [line.split()[0] for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []


def _naming(pattern: re.Pattern[bytes], *exempt: str) -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for path in tracked()
        if str(path.relative_to(ROOT)) not in exempt and pattern.search(path.read_bytes())
    ]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert _naming(PLACES, MYSELF) == []


def test_no_file_names_a_registry() -> None:
    assert _naming(REGISTRIES, MYSELF, "Makefile") == []


@pytest.mark.parametrize(
    ("document", "file"),
    [
        ("capabilities", "docs/capabilities.md"),
        ("guarantee", "docs/architecture.md"),
        ("openapi", "docs/openapi.json"),
        ("asyncapi", "docs/asyncapi.json"),
    ],
)
def test_a_generated_document_says_what_the_code_does(document: str, file: str) -> None:
    command = Path(sysconfig.get_path("scripts")) / "atsbridge"

    checked = subprocess.run(
        [command, document, "--check", file],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stderr
