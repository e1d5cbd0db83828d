"""What tests of revenue need beside the common fixtures."""

import pytest

from app import load_jobs
from tests.factories.revenue import register_credit_job


@pytest.fixture(autouse=True)
def _credit_job() -> None:
    load_jobs()
    register_credit_job()
