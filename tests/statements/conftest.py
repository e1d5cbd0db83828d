"""What every test of statements stands on."""

import pytest

from app.kernel import sealing


@pytest.fixture(autouse=True)
def data_key(monkeypatch):
    """A key for what is sealed, where the portal has not set one."""
    if not sealing._keys:
        monkeypatch.setattr(sealing, "_keys", [bytes(range(32))])
