"""The town that tests of the whole portal walk through."""

from collections.abc import Iterator

import pytest

from tests.house.walk import Town, town


@pytest.fixture(scope="module")
def walked(portal, shared_place) -> Iterator[Town]:
    """A world with everything in it, served by the portal."""
    with town(portal, shared_place.app_url) as made:
        yield made
