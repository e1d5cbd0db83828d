"""Telling whoever waits how far a calculation is."""

from collections.abc import Callable, Iterable
from typing import Any

Watch = Callable[[Iterable[Any]], Iterable[Any]]
"""Passes things on one by one, and may count them; ``iter`` tells nobody."""
