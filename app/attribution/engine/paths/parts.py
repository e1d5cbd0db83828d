"""Parts of conversions and values for each channel, added up exactly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd

from app.attribution.engine.credit import GRID


class Parts:
    """What each channel has, kept as whole numbers over the denominators that occur."""

    def __init__(self, channels: int) -> None:
        self._conversions: list[dict[int, int]] = [defaultdict(int) for _ in range(channels)]
        self._values: list[dict[int, int]] = [defaultdict(int) for _ in range(channels)]

    def add(self, channel: int, share: tuple[int, int], conversions: int, value: int) -> None:
        """Add a share, numerator and denominator, of ``conversions`` and of ``value``."""
        part, over = share
        self._conversions[channel][over] += part * conversions
        self._values[channel][over] += part * value

    def conversions(self, per: int) -> list[Fraction]:
        """Return each channel's conversions, their unit being ``1 / per``."""
        return [_sum(each, per) for each in self._conversions]

    def values(self, per: int) -> list[Fraction]:
        """Return each channel's value, its unit being ``1 / per``."""
        return [_sum(each, per) for each in self._values]


def _sum(parts: Mapping[int, int], per: int) -> Fraction:
    return sum((Fraction(part, over * per) for over, part in parts.items()), Fraction(0))


def shares_of(weights: Sequence[int], total: int) -> list[tuple[int, int]]:
    """Return each weight's share of ``total``, their sum, as numerator and denominator.

    A denominator above 10^18 is exchanged for 10^18, by largest remainder, ties to the earlier.
    """
    common = gcd(total, *weights)
    total, weights = total // common, [weight // common for weight in weights]
    if total <= GRID:
        return [(weight, total) for weight in weights]
    halves = [divmod(weight * GRID, total) for weight in weights]
    parts = [whole for whole, _ in halves]
    by_rest = sorted(range(len(parts)), key=lambda place: (-halves[place][1], place))
    for place in by_rest[: GRID - sum(parts)]:
        parts[place] += 1
    return [(part, GRID) for part in parts]
