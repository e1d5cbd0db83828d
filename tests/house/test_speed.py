"""The portal starts with what every page needs; heavy libraries load where they are used."""

import subprocess
import sys

import pytest

from config import ROOT

STARTED = "import sys; from app import create_app; create_app(); print(*sys.modules)"


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a fresh process that has made the application."""
    said = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(said.stdout.split())


@pytest.mark.parametrize(
    "heavy", ["pandas", "numpy", "sklearn", "weasyprint", "vl_convert", "dbos", "tldextract"]
)
def test_the_application_is_made_without_a_heavy_library(loaded, heavy):
    assert heavy not in loaded
