"""What a whole path needs beside the common fixtures: the key of secrets at rest."""

from collections.abc import Iterator

import pytest

from app.kernel import sealing


@pytest.fixture(autouse=True)
def _data_key() -> Iterator[None]:
    before = list(sealing._keys)
    sealing.use(bytes(range(32)))
    yield
    sealing.use(*before)
