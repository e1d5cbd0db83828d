"""Files read both ways: held at once, and as those that are too large for that."""

import pytest

from app.cli import json_stream
from app.cli.incentives import documents, gathering, spill


@pytest.fixture
def streamed(monkeypatch):
    """Read every file as a large one, a few characters, events and texts at a time."""
    monkeypatch.setattr(documents, "LARGE", 0)
    monkeypatch.setattr(json_stream, "CHUNK", 50)
    monkeypatch.setattr(gathering, "A_HEAP", 2)
    monkeypatch.setattr(spill, "TOGETHER", 2)
    monkeypatch.setattr(spill, "ROOM", 1000)


@pytest.fixture(params=["held", "streamed"])
def either_way(request):
    """Read files both ways; what is printed must not differ."""
    if request.param == "streamed":
        request.getfixturevalue("streamed")
