"""The Markov removal effect of each channel: what would be lost if it led nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.attribution.engine.paths.chain import Chain, chain_of
from app.attribution.engine.paths.columns import Columns
from app.attribution.engine.paths.rational import rational_effects

_MOST_WORK = 400_000
"""Multiplications for which fractions are worth waiting a fraction of a second."""

Number = Fraction | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Removal effects by channel, of conversions and of value, between zero and one.

    Fractions are exact; floats are within ``error`` of the exact effect (None for fractions).
    ``probability`` is that of a conversion.
    """

    conversions: tuple[Number, ...]
    value: tuple[Number, ...]
    probability: Number
    states: int
    error: float | None


def removal_effects(columns: Columns, order: int = 1, *, nulls: bool = True) -> Removal:
    """Return the removal effects of the chain of order ``order`` (Anderl et al. 2016).

    The effect of a channel is 1 - p(without) / p, where p is the probability of a conversion and
    without means that every state that holds the channel leads to no conversion. The effect on
    value weighs each conversion by the mean value of those that ended in the same state. Without
    a conversion (or value) at all every effect is zero.

    :raises PathRefused: if there are too many channels for the order
    """
    chain = chain_of(columns, order, nulls=nulls)
    if chain.states**2 * (chain.states + 2) * chain.channels <= _MOST_WORK:
        return _exactly(chain)
    return _in_floats(chain)


def _exactly(chain: Chain) -> Removal:
    if not chain.states:
        none = (Fraction(0),) * chain.channels
        return Removal(conversions=none, value=none, probability=none[0], states=0, error=None)
    total, lost = rational_effects(chain)
    return Removal(
        conversions=tuple(_ratio(each[0], total[0]) for each in lost),
        value=tuple(_ratio(each[1], total[1]) for each in lost),
        probability=total[0],
        states=chain.states,
        error=None,
    )


def _in_floats(chain: Chain) -> Removal:
    # SciPy takes longer to load than most chains take to be solved.
    from app.attribution.engine.paths.sparse import sparse_effects

    total, lost, error = sparse_effects(chain)
    return Removal(
        conversions=tuple(_ratio(each[0], total[0]) for each in lost),
        value=tuple(_ratio(each[1], total[1]) for each in lost),
        probability=total[0],
        states=chain.states,
        error=float(_ratio(2 * error, total[0])),
    )


def _ratio(part: Number, total: Number) -> Number:
    return part / total if total else total


def in_proportion(total: Fraction, weights: Sequence[Number]) -> list[Number]:
    """Return ``total`` in proportion to weights; nothing where they add up to nothing."""
    whole = sum(weights)
    if not whole:
        return [Fraction(0) for _ in weights]
    if isinstance(whole, float):
        return [float(total) * (float(weight) / whole) for weight in weights]
    return [total * weight / whole for weight in weights]
