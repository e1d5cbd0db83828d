"""A million facts of 5,000 partners through 40 components: amounts and traces, against by hand.

``python -m benchmarks.incentives [facts] [partners]``. All keep their columns in memory and are
measured in turn; of each the best of several rounds counts. DuckDB, Polars and NumPy give the
amounts alone, for these rules alone; the calculation gives what each trace is told from besides.
All come to the same cents for each partner, and the lines of some partners are those of the plain
engine, trace by trace. Memory is that of a process that makes the facts and calculates.
"""

import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter

import numpy as np

from app.incentives.engine import calculate
from app.incentives.engine.columns import FactColumns, calculate_columns, lines_of
from app.incentives.engine.plan import PlanVersion
from benchmarks.figures import Figure, figure, show
from benchmarks.incentives_by_hand import Amounts, InDuckDB, InPolars, in_numpy
from benchmarks.incentives_facts import AS_OF, World, columns, plans, world

ROUNDS = 15
SAMPLE = 200
MOST_MEMORY, MOST_AGAIN = 1024.0, 200.0


def main(facts: int = 1_000_000, partners: int = 5_000) -> list[Figure]:
    """Make the facts, measure each way in turn, and compare what they come to."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        memory = alone.submit(peak, facts, partners).result()
    told = world(facts, partners)
    ours, paying = columns(told), plans(told)
    in_duckdb, in_polars = InDuckDB(told), InPolars(told)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: calculate_columns(ours, paying, AS_OF),
        "NumPy": lambda: in_numpy(told),
        "DuckDB": in_duckdb,
        "Polars": in_polars,
    }
    load = os.getloadavg()[0]
    taken = in_turn(ways)
    found = calculate_columns(ours, paying, AS_OF)
    same_cents(told, found.totals(), [in_duckdb.amounts(), in_polars.amounts(), in_numpy(told)])
    equal = same_lines(ours, paying, SAMPLE)
    again = one_again(ours, paying, SAMPLE)
    what = f"{facts:,} facts, {partners:,} partners, 40 components"
    return [
        Figure(f"{what}: amounts and traces", f"{taken['ours'] * 1000:.0f} ms", ""),
        Figure("... lines", f"{len(found):,}", ""),
        figure("... to the amounts alone in DuckDB", taken["ours"] / taken["DuckDB"], 1),
        figure("... to the amounts alone in Polars", taken["ours"] / taken["Polars"], 1),
        figure("... to the amounts alone in plain NumPy", taken["ours"] / taken["NumPy"], 4),
        figure("... memory with the facts", memory, MOST_MEMORY, " MB"),
        Figure(f"... lines equal to the plain engine's, of {SAMPLE} partners", f"{equal:,}", ""),
        figure("one partner again, with its facts, 95th percentile", again, MOST_AGAIN, " ms"),
        Figure("processes that wanted a processor meanwhile, of two", f"{load:.1f}", ""),
    ]


def in_turn(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the best time of each, after a first round that does not count."""
    best = dict.fromkeys(ways, float("inf"))
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            start = perf_counter()
            way()
            if number:
                best[name] = min(best[name], perf_counter() - start)
    return best


def same_cents(told: World, ours: dict[tuple[str, str], int], others: list[Amounts]) -> None:
    """Compare the sums of all partners."""
    size = len(told.tier)
    sums = [ours.get((f"p{number:05}", "EUR"), 0) for number in range(size)]
    for other in others:
        added = np.zeros(size, np.int64)
        np.add.at(added, told.partner[other.fact], other.minor)
        assert added.tolist() == sums


def same_lines(ours: FactColumns, paying: list[PlanVersion], size: int) -> int:
    """Compare every line and trace of some partners with the plain engine's; return how many."""
    count = 0
    partner = ours.coded["partner_id"]
    for code in some(len(partner.values), size):
        who = ours.partners[code]
        found = lines_of(calculate_columns(ours, paying, AS_OF, partners=[who.id]))
        rows = np.flatnonzero(partner.codes == code).tolist()
        assert found == calculate(ours.facts(rows, [who]), paying, AS_OF).lines
        count += len(found)
    return count


def one_again(ours: FactColumns, paying: list[PlanVersion], size: int) -> float:
    """Return in how many milliseconds a partner is calculated out of the facts of all."""
    taken = []
    for code in some(len(ours.partners), size):
        start = perf_counter()
        calculate_columns(ours, paying, AS_OF, partners=[ours.partners[code].id])
        taken.append((perf_counter() - start) * 1000)
    return float(np.percentile(taken, 95))


def some(partners: int, size: int) -> list[int]:
    """Return some partners, spread over all."""
    return list(range(0, partners, max(1, partners // size)))[:size]


def peak(facts: int, partners: int) -> float:
    """Return the megabytes that this process has had at most, once it has calculated."""
    told = world(facts, partners)
    found = calculate_columns(columns(told), plans(told), AS_OF)
    assert len(found)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(0 if show(main(*map(int, sys.argv[1:]))) else 1)
