"""Removal effects as fractions, without any rounding: for chains of a few states."""

from collections.abc import Sequence
from fractions import Fraction

from app.attribution.engine.paths.chain import Chain

Rows = list[list[int]]
_BOTH = range(2)  # conversions and value


def rational_effects(chain: Chain) -> tuple[list[Fraction], list[list[Fraction]]]:
    """Return what a journey brings (conversions, value), and of it what passes each channel.

    The second holds for each channel what is brought by journeys with a touch of it: what would be
    lost without it.
    """
    moves = _moves(chain)
    reward = [*zip(chain.conversions, chain.value, strict=True)]
    whole, over = _solved(chain, moves, range(chain.states), reward)
    total = [Fraction(_reached(chain, range(chain.states), whole, k), over) for k in _BOTH]
    lost = []
    for channel in range(chain.channels):
        holds = chain.holds(channel).tolist()
        lost.append(_through(chain, moves, holds, whole, over))
    journeys = sum(chain.starts)
    return [each / journeys for each in total], [[each / journeys for each in row] for row in lost]


def _through(
    chain: Chain, moves: Rows, holds: Sequence[bool], whole: Rows, over: int
) -> list[Fraction]:
    """Return what is brought by journeys that reach a state of ``holds``.

    From such a state on it is all that the whole chain brings, ``whole / over``.
    """
    free = [state for state, is_held in enumerate(holds) if not is_held]
    held = [state for state, is_held in enumerate(holds) if is_held]
    entering = [
        [sum(moves[state][other] * whole[other][k] for other in held) for k in _BOTH]
        for state in free
    ]
    found, below = _solved(chain, moves, free, entering)
    onward = [whole[state] for state in held]
    return [
        Fraction(_reached(chain, held, onward, k), over)
        + Fraction(_reached(chain, free, found, k), over * below)
        for k in _BOTH
    ]


def _reached(chain: Chain, states: Sequence[int], found: Rows, which: int) -> int:
    return sum(chain.starts[s] * row[which] for s, row in zip(states, found, strict=True))


def _moves(chain: Chain) -> Rows:
    rows = [[0] * chain.states for _ in range(chain.states)]
    triples = zip(chain.sources.tolist(), chain.targets.tolist(), chain.moves, strict=True)
    for source, target, count in triples:
        rows[source][target] = count
    return rows


def _solved(
    chain: Chain, moves: Rows, states: Sequence[int], reward: Sequence[Sequence[int]]
) -> tuple[Rows, int]:
    """Return what is brought from each state on, over one denominator.

    Solves ``visits x = moves x + reward`` by fraction-free elimination (Bareiss 1968). Each state
    leads to an end, so the leading minors are positive and no pivot is zero.
    """
    rows = [
        [(chain.visits[s] if s == t else 0) - moves[s][t] for t in states] + [*reward[place]]
        for place, s in enumerate(states)
    ]
    last = 1
    for pivot in range(len(rows)):
        chosen = rows[pivot]
        head = chosen[pivot]
        for other, row in enumerate(rows):
            if other != pivot:
                factor = row[pivot]
                rows[other] = [
                    (head * mine - factor * its) // last
                    for mine, its in zip(row, chosen, strict=True)
                ]
        last = head
    return [row[len(states) :] for row in rows], last
