"""Cases of the folder shared/data, where it is there."""

import json
from pathlib import Path

import pytest

from tests.revenue.recognition.build import number

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "revrec"
NEEDS_DATA = pytest.mark.skipif(not DATA.exists(), reason="the folder shared/data is not here")


def load(name):
    if not DATA.exists():
        return {}
    return {case["id"]: case for case in json.loads((DATA / name).read_text())["cases"]}


def numbers(found):
    return {key: number(value) for key, value in found.items()}
