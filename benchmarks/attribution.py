"""Attribution over paths, held against the ChannelAttribution package on the same paths.

``python -m benchmarks.attribution``. Engine call against engine call: ours reads the texts of the
paths, builds the chain, solves it exactly, and credits conversions and value; the package gets the
same paths and numbers as a data frame and simulates, single-threaded like ours, at its defaults.
"""

import contextlib
import io
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path as File
from time import perf_counter

import numpy as np
import pandas as pd

from app.attribution.engine import Model, Rule
from app.attribution.engine.paths import (
    Columns,
    Method,
    Worth,
    attribute,
    columns_of_texts,
    shapley_values,
)
from app.attribution.engine.shapley import exact
from app.cli.attribution.rows import counted
from benchmarks.figures import Figure, figure, show

PATHS, CHANNELS, ROWS, RUNS = 10_000, 12, 1_000_000, 7
Table = tuple[list[str], list[int], list[int], list[int]]


def journeys(count: int = PATHS, channels: int = CHANNELS) -> Table:
    """Return distinct paths, six touches long on average, with what each brought."""
    chance = np.random.default_rng(7)
    names = [f"channel {chr(97 + place)}" for place in range(channels)]
    liked = chance.dirichlet(np.ones(channels) * 3)
    found: dict[str, None] = {}
    while len(found) < count:
        walk = chance.choice(channels, 1 + chance.poisson(5), p=liked)
        found[" > ".join(names[place] for place in walk)] = None
    won = chance.integers(0, 20, count)
    value = won * chance.integers(10, 500, count)
    lost = chance.integers(0, 40, count)
    return list(found), won.tolist(), value.tolist(), lost.tolist()


def seconds(act: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = perf_counter()
    act()
    return perf_counter() - start


def markov(told: Table, order: int) -> object:
    """Credit the paths from their texts on."""
    texts, won, value, lost = told
    columns = columns_of_texts(texts, won, value=value, nulls=lost)
    return attribute(columns, Method(rule=Rule(model=Model.MARKOV), order=order))


def package(told: Table) -> Callable[[], object]:
    """Return the call of the package, its banner left out."""
    with contextlib.redirect_stdout(io.StringIO()):
        import ChannelAttribution  # type: ignore[import-untyped]
    frame = pd.DataFrame(dict(zip(("path", "won", "value", "lost"), told, strict=True)))
    frame["value"] = frame["value"].astype(float)
    return lambda: ChannelAttribution.markov_model(
        frame, "path", "won", var_value="value", var_null="lost", verbose=False, flg_pro=False
    )


def against_the_package(told: Table) -> list[Figure]:
    """Measure order 1 in turn with the package, and take the best of each."""
    theirs = package(told)
    pairs = [(seconds(lambda: markov(told, 1)), seconds(theirs)) for _ in range(RUNS)]
    ours, other = (min(times) for times in zip(*pairs, strict=True))
    ratios = [mine / its for mine, its in pairs]
    return [
        figure(f"Markov order 1 on {PATHS:,} paths to ChannelAttribution", ours / other, 0.5),
        Figure("... the worst of the pairs", f"{max(ratios):.2f}x", ""),
        Figure("... itself", f"{ours * 1000:.0f} ms", ""),
    ]


def by_itself(told: Table) -> list[Figure]:
    """Measure the higher orders, and Shapley to twelve channels and above."""
    texts, won, value, lost = told
    columns = columns_of_texts(texts, won, value=value, nulls=lost)
    crowd = columns_of_texts(*_crowd())
    worth = np.random.default_rng(1).integers(0, 10**9, 1 << CHANNELS).tolist()
    return [
        figure("Markov order 2", seconds(lambda: markov(told, 2)), 5, " s"),
        figure("Markov order 3", seconds(lambda: markov(told, 3)), 5, " s"),
        figure("Markov order 4", seconds(lambda: markov(told, 4)), 5, " s"),
        figure("Shapley, any game of 12", seconds(lambda: exact(worth, CHANNELS)), 1, " s"),
        figure("Shapley of 12 by conversions", _shapley(columns, Worth.CONVERSIONS), 1, " s"),
        figure("Shapley of 12 by rate", _shapley(columns, Worth.RATE), 1, " s"),
        Figure("Shapley of 20 by 10,000 orders", f"{_sampled(crowd):.2f} s", ""),
    ]


def _crowd() -> tuple[list[str], list[int]]:
    texts, won, *_ = journeys(2_000, 20)
    return texts, won


def _shapley(columns: Columns, worth: Worth) -> float:
    return seconds(lambda: shapley_values(columns, worth))


def _sampled(columns: Columns) -> float:
    return seconds(lambda: shapley_values(columns, Worth.CONVERSIONS, samples=10_000))


def streamed(told: Table, rows: int = ROWS) -> list[Figure]:
    """Measure a file of many rows: reading, counting, and a model of one path at a time."""
    chance = np.random.default_rng(3)
    with tempfile.TemporaryDirectory(prefix="tandem") as folder:
        file = File(folder) / "paths.csv"
        with file.open("w") as opened:
            opened.write("path,total_conversions,total_conversion_value,total_null\n")
            for place, won, cents in zip(
                chance.integers(0, PATHS, rows).tolist(),
                chance.integers(0, 3, rows).tolist(),
                chance.integers(0, 99_999, rows).tolist(),
                strict=True,
            ):
                opened.write(f"{told[0][place]},{won},{cents / 100},1\n")
        start = perf_counter()
        columns, _ = counted(file, None)
        read = perf_counter() - start
    times = {
        model: seconds(partial(attribute, columns, Method(rule=Rule(model=model))))
        for model in (Model.LINEAR, Model.POSITION, Model.TIME_DECAY)
    }
    return [
        Figure(f"{rows:,} rows of a file, read and counted", f"{read:.1f} s", ""),
        *(Figure(f"... {model}", f"{took * 1000:.0f} ms", "") for model, took in times.items()),
    ]


def main() -> list[Figure]:
    """Measure on the same paths, one thing after the other."""
    told = journeys()
    return [*against_the_package(told), *by_itself(told), *streamed(told)]


if __name__ == "__main__":
    sys.exit(0 if show(main()) else 1)
