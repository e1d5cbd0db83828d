"""Removal effects by sparse linear algebra in 64-bit floats, with a bound of their error."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import splu

from app.attribution.engine.integers import Ints
from app.attribution.engine.paths.chain import Chain

Floats = NDArray[np.float64]

_BLOCK = 64  # channels at a time, so that memory does not grow with their number
_MOST_SWEEPS = 2_000  # a chain that has not settled by then is solved by elimination
_ROUNDING = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """The chain as probabilities: moves, where journeys start, what a state brings at once."""

    moves: Any
    start: Floats
    reward: Floats


def sparse_effects(chain: Chain) -> tuple[list[float], list[list[float]], float]:
    """Return what a journey brings (conversions, value), what of it passes each channel, error.

    As for ``rational_effects``. The error bounds how far the conversions of a journey can be from
    the exact solution: the largest residual and one rounding, times the largest expected number of
    steps to an end, which is the norm of the inverse.
    """
    system = _system(chain)
    everything = np.ones((chain.states, 1), dtype=bool)
    steps = _solved(system, everything, np.ones((chain.states, 1)))
    whole = _solved(system, everything, system.reward)
    error = _residual(system, everything, system.reward, whole)
    lost: list[list[float]] = []
    for block in range(0, chain.channels, _BLOCK):
        channels = np.arange(block, min(block + _BLOCK, chain.channels))
        found, residual = _through(chain, system, whole, channels)
        lost += found
        error = max(error, residual)
    return (system.start @ whole).tolist(), lost, float((error + _ROUNDING) * steps.max())


def _system(chain: Chain) -> System:
    visits = np.array(chain.visits, dtype=np.float64)
    counts = np.array(chain.moves, dtype=np.float64) / visits[chain.sources]
    shape = (chain.states, chain.states)
    moves = csr_array((counts, (chain.sources, chain.targets)), shape=shape)
    rewards = np.array([chain.conversions, chain.value], dtype=np.float64).T
    starts = np.array(chain.starts, dtype=np.float64)
    return System(moves, starts / starts.sum(), rewards / visits[:, None])


def _through(
    chain: Chain, system: System, whole: Floats, channels: Ints
) -> tuple[list[list[float]], float]:
    """Return what journeys with a touch of each channel bring: none of it is a difference.

    A journey brings all that the whole chain does from its first state with the channel on.
    """
    held = np.stack([chain.holds(channel) for channel in channels.tolist()], axis=1)
    held = np.repeat(held, 2, axis=1)
    onward = np.where(held, np.tile(whole, len(channels)), 0.0)
    entering = system.moves @ onward
    found = _solved(system, ~held, entering)
    reached = system.start @ np.where(held, onward, found)
    return reached.reshape(-1, 2).tolist(), _residual(system, ~held, entering, found)


def _solved(system: System, free: NDArray[np.bool_], reward: Floats) -> Floats:
    """Return x = moves x + reward on the free states of each column, 0 on the others.

    Adds up the chain's steps until nothing is added any more; a slow chain is factorised instead.
    """
    added = np.where(free, reward, 0.0)
    found = added.copy()
    for _ in range(_MOST_SWEEPS):
        added = np.where(free, system.moves @ added, 0.0)
        found += added
        if np.all(added <= _ROUNDING / 4 * found):
            return found
    return _eliminated(system, free, reward)


def _eliminated(system: System, free: NDArray[np.bool_], reward: Floats) -> Floats:
    found = np.zeros_like(reward)
    patterns, of_column = np.unique(
        np.broadcast_to(free, reward.shape), axis=1, return_inverse=True
    )
    for number in range(patterns.shape[1]):
        columns = np.flatnonzero(of_column.ravel() == number)
        states = np.flatnonzero(patterns[:, number])
        if len(states):
            inner = system.moves[states][:, states]
            factors = splu((eye_array(len(states)) - inner).tocsc())
            found[np.ix_(states, columns)] = factors.solve(reward[np.ix_(states, columns)])
    return found


def _residual(system: System, free: NDArray[np.bool_], reward: Floats, found: Floats) -> float:
    """Return by how much the solution fails its own equations, in conversions."""
    off = np.where(free, system.moves @ found + reward - found, 0.0)
    return float(np.abs(off[:, ::2]).max(initial=0.0))
