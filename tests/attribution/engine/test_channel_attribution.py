"""A cross-check with the public package for Markov attribution, within its simulation's noise."""

from fractions import Fraction

import numpy as np
import pytest

from tests.attribution.engine.build import brought, columns

other = pytest.importorskip(
    "ChannelAttribution", reason="it is installed with the benchmarks alone (make setup-bench)"
)
pandas = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def paths():
    chance = np.random.default_rng(11)
    seen: dict[str, list[int]] = {}
    while len(seen) < 60:
        walk = chance.choice(["a", "b", "c", "d", "e"], 1 + chance.poisson(2))
        rows = chance.integers(0, 9), chance.integers(1, 900), chance.integers(0, 20)
        seen[" > ".join(walk)] = [int(each) for each in rows]
    return [(path, won, won * each, lost) for path, (won, each, lost) in seen.items()]


@pytest.fixture(scope="module")
def frame(paths):
    return pandas.DataFrame(paths, columns=["path", "won", "value", "lost"]).astype(
        {"value": float}
    )


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("nulls", [True, False])
def test_markov_is_what_the_package_simulates(paths, frame, order, nulls):
    found = other.markov_model(
        frame, "path", "won", var_value="value", var_null="lost" if nulls else None, order=order,
        nsim_start=4e5, conv_par=0.01, max_step=400, seed=7, verbose=False, flg_pro=False,
    ).set_index("channel_name")  # fmt: skip

    for ours, theirs in (("conversions", "total_conversions"), ("value", "total_conversion_value")):
        mine = brought(columns(*paths), "markov", what=ours, order=order, nulls=nulls)
        assert {name: float(each) for name, each in mine.items()} == pytest.approx(
            found[theirs].to_dict(), rel=0.03
        )


def test_heuristics_are_the_packages(paths, frame):
    found = other.heuristic_models(frame, "path", "won", var_value="value", flg_pro=False)
    found = found.set_index("channel_name")

    for model in ("first", "last", "linear"):
        mine = brought(columns(*paths), model)
        assert {name: float(Fraction(each)) for name, each in mine.items()} == pytest.approx(
            found[f"{model}_touch_conversions"].to_dict()
        )
