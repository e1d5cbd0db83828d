"""What makes a start quicker leaves no trace."""

import gc

import pytest

from app.kernel.starting import collecting_later


def test_garbage_is_looked_for_again_even_after_a_failure():
    @collecting_later()
    def fail() -> None:
        raise LookupError(gc.isenabled())

    with pytest.raises(LookupError, match="False"):
        fail()
    assert gc.isenabled()


def test_who_never_looks_for_garbage_is_left_so():
    gc.disable()
    try:
        with collecting_later():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
