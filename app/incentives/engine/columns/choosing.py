"""Which of a group pays where only one does: for each fact the best, or the first by priority."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from app.incentives.engine.columns.arrays import NONE
from app.incentives.engine.columns.chains import Chain
from app.incentives.engine.columns.earning import Earned

Candidates = Sequence[tuple[Chain, Earned]]


def chosen(candidates: Candidates, size: int) -> list[tuple[Chain, Earned]]:
    """Return what is paid: all of what adds up, and of each group one for each of ``size`` facts.

    What comes to nothing takes no part where one is chosen.
    """
    groups: dict[str, list[tuple[Chain, Earned]]] = defaultdict(list)
    for chain, earned in candidates:
        groups[chain.group].append((chain, earned))
    found = groups.pop("", [])
    for members in groups.values():
        found += _one_each(sorted(members, key=_order), size)
    return found


def _order(member: tuple[Chain, Earned]) -> tuple[int, str, str]:
    """Return the order in which those that pay the same come."""
    chain, _ = member
    stacking = chain.first.stacking
    return -(stacking.priority if stacking else 0), *chain.key


def _one_each(members: Candidates, size: int) -> Iterable[tuple[Chain, Earned]]:
    best = np.full(size, NONE, np.int64)
    winner = np.full(size, -1, np.int32)
    for index, (chain, earned) in enumerate(members):
        stacking = chain.first.stacking
        by_priority = stacking is not None and stacking.rule == "priority"
        held = best.take(earned.rows)
        wins = (earned.minor != 0) & ((held == NONE) if by_priority else (earned.minor > held))
        rows = earned.rows[wins]
        best[rows], winner[rows] = earned.minor[wins], index
    for index, (chain, earned) in enumerate(members):
        yield chain, earned.only(winner.take(earned.rows) == index)
