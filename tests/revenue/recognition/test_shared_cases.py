"""Every published case of the folder is told as a document by one of the modules beside."""

from tests.revenue.recognition import (
    test_shared_allocation,
    test_shared_changes,
    test_shared_progress,
)
from tests.revenue.recognition.shared import NEEDS_DATA, load

MODULES = (test_shared_allocation, test_shared_changes, test_shared_progress)


@NEEDS_DATA
def test_no_published_case_is_left_out():
    told = [name for module in MODULES for name in module.TOLD]

    assert sorted(told) == sorted(load("cases.json"))
