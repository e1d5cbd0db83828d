"""Usage rated with its working, beside the amounts alone worked out by hand in one loop.

``python -m benchmarks.rating``. Promised: quantities over five tiers, each with the rows of its
working, at most 25 times a bare loop over decimals that gives amounts and nothing else; a table
of events read, checked and added up at most 12 times a bare reader that checks nothing, in memory
that does not grow with the table. Taken in turn in one process, by CPU time, the best of five.
"""

import csv
import json
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from time import process_time

from click.testing import CliRunner

from app.cli.revenue.rate import command
from app.revenue.rating import Graduated, Tier, rate
from benchmarks.figures import Figure, figure, show

MOST_OF_LOOP, MOST_OF_READER, MOST_MEMORY = 25.0, 12.0, 2.0
_ENDS = (100, 1_000, 10_000, 100_000, None)
_PRICES = ("0.10", "0.05", "0.0325", "0.02", "0.0125")
_ROUNDS = 5


def _tiers() -> tuple[Tier, ...]:
    starts = (0, *_ENDS[:-1])
    return tuple(
        Tier(Fraction(start or 0), None if end is None else Fraction(end), Fraction(price))
        for start, end, price in zip(starts, _ENDS, _PRICES, strict=True)
    )


def _with_working(quantities: list[int]) -> list[Fraction]:
    price = Graduated(_tiers())
    return [rate(price, Fraction(quantity)).amount for quantity in quantities]


def _by_hand(quantities: list[int]) -> list[Decimal]:
    prices = [Decimal(price) for price in _PRICES]
    found = []
    for quantity in quantities:
        owed, start = Decimal(0), 0
        for end, price in zip(_ENDS, prices, strict=True):
            last = quantity if end is None else min(quantity, end)
            if last <= start:
                break
            owed += (last - start) * price
            start = last
        found.append(owed)
    return found


def _read_by_hand(table: Path) -> Decimal:
    with table.open(newline="") as opened:
        total = sum((Decimal(row["quantity"]) for row in csv.DictReader(opened)), Decimal(0))
    return (total * Decimal("0.001")).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rated(document: Path, table: Path) -> str:
    return CliRunner().invoke(command, [str(document), "--usage", str(table)]).stdout


def _write(folder: Path, count: int) -> Path:
    table = folder / f"{count}.csv"
    with table.open("w") as opened:
        opened.write("charge,at,quantity\n")
        opened.writelines(
            f"calls,2026-01-{1 + n % 31:02d}T10:00:00+00:00,{n % 97}.25\n" for n in range(count)
        )
    return table


def _best(*acts: Callable[[], object]) -> list[float]:
    """Return the least CPU time of each act, all taken in turn."""
    best = [float("inf")] * len(acts)
    for _ in range(_ROUNDS):
        for place, act in enumerate(acts):
            start = process_time()
            act()
            best[place] = min(best[place], process_time() - start)
    return best


def _peak(act: Callable[[], object]) -> int:
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main(count: int = 20_000, events: int = 50_000) -> list[Figure]:
    """Measure, and check that both ways come to the same."""
    quantities = [(n * n) % 200_000 for n in range(count)]
    assert _with_working(quantities) == [Fraction(each) for each in _by_hand(quantities)]
    ours, bare = _best(lambda: _with_working(quantities), lambda: _by_hand(quantities))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = folder / "price.json"
        price = {"name": "calls", "model": "per_unit", "unit_amount": "0.001"}
        month = {"start": "2026-01-01", "until": "2026-02-01"}
        document.write_text(json.dumps({"currency": "EUR", "period": month, "charges": [price]}))
        table, long_table = _write(folder, events), _write(folder, 4 * events)
        assert str(_read_by_hand(table)) in _rated(document, table).replace(",", "")
        read, plain = _best(lambda: _rated(document, table), lambda: _read_by_hand(table))
        grown = _peak(lambda: _rated(document, long_table)) / _peak(lambda: _rated(document, table))
    return [
        figure(
            f"{count:,} quantities over 5 tiers with rows, to a bare loop",
            ours / bare,
            MOST_OF_LOOP,
        ),
        figure(f"{events:,} events rated, to a bare reader", read / plain, MOST_OF_READER),
        figure("memory of four times as many events", grown, MOST_MEMORY),
    ]


if __name__ == "__main__":
    sys.exit(0 if show(main()) else 1)
