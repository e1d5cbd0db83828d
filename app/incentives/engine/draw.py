"""Draws: an advance in lean periods, repaid from later surplus where it is recoverable."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.errors import Broken


@dataclass(frozen=True, slots=True)
class Drawn:
    """One period under a draw, in minor units.

    ``advance`` was paid beyond what was earned, ``repaid`` kept from the surplus, ``deficit`` is
    what remains to be repaid afterwards.
    """

    gross: int
    paid: int
    advance: int
    repaid: int
    deficit: int


def draw(
    gross: Sequence[int], amount: int, *, deficit: int = 0, recoverable: bool = True
) -> tuple[Drawn, ...]:
    """Return what each period pays: at least ``amount``, its deficit repaid from later surplus.

    Only what a period earns above the draw repays; the draw itself is never cut. Where it is not
    recoverable nothing is repaid, and no deficit is carried.

    :raises Broken: if the draw or the opening deficit is negative
    """
    if amount < 0 or deficit < 0:
        raise Broken("a draw and its deficit are never negative")
    periods = []
    for earned in gross:
        advance = max(0, amount - earned)
        repaid = min(deficit, max(0, earned - amount)) if recoverable else 0
        deficit = deficit + advance - repaid if recoverable else 0
        periods.append(Drawn(earned, earned + advance - repaid, advance, repaid, deficit))
    return tuple(periods)
