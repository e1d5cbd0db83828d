"""100,000 contracts of 36 months: allocated, recognised and rolled forward month by month.

``python -m benchmarks.recognition [contracts]``. The promise: under 10 s on two cores. The figures
are seconds of this process's own work, so that what else the machine does counts for little; the
ratio is to the plain path, one document after the other, over a few of the same contracts, whose
every figure is compared.
"""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from time import process_time

import numpy as np

from app.revenue.recognition import read_document, recognise
from app.revenue.recognition.columns import Bills, Code, Lines, Rolled, days_of, roll_forward
from benchmarks.figures import Figure, figure, show

MOST = 10.0
MONTHS = 36
FIRST = date(2023, 1, 1)
PLAIN = 40
_EPOCH = date(1970, 1, 1)
_PATTERNS = {
    Code.DAILY: "daily",
    Code.MONTHLY: "monthly",
    Code.MONTHLY_PRORATED: "monthly_prorated",
}


def contracts(count: int) -> tuple[np.ndarray, Lines, Bills]:
    """Return contracts of one to three obligations over 36 months, billed each year in advance."""
    chance = np.random.default_rng(7)
    lines = chance.integers(1, 4, count)
    of = np.repeat(np.arange(count), lines)
    prices = chance.integers(10_000, 50_000_000, count)
    start = days_of(FIRST) + chance.integers(0, 28, len(of))
    until = start + 3 * 365 + chance.integers(0, 2, len(of))
    code = chance.integers(0, 4, len(of))
    ssp = chance.integers(1_000, 30_000_000, len(of))
    years = np.repeat(np.arange(3), count)
    each, rest = np.divmod(prices, 3)
    amounts = np.concatenate([each, each, each + rest])
    on = days_of(FIRST) + 365 * years
    return (
        prices,
        Lines(of, ssp, code, start, until),
        Bills(np.tile(np.arange(count), 3), on, amounts),
    )


def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=int(number))).isoformat()


def _money(cents: int) -> str:
    return f"{int(cents) // 100}.{int(cents) % 100:02d}"


def document(place: int, prices: np.ndarray, lines: Lines, bills: Bills) -> dict[str, object]:
    """Return one of the contracts as a document."""
    obligations = []
    for at in np.flatnonzero(lines.contract == place):
        made: dict[str, object] = {"id": str(at), "ssp": _money(lines.ssp[at])}
        if lines.code[at] == Code.POINT_IN_TIME:
            made["on"] = _day(lines.start[at])
        else:
            made["pattern"] = _PATTERNS[Code(lines.code[at])]
            made |= {"start": _day(lines.start[at]), "until": _day(lines.until[at])}
        obligations.append(made)
    events = [
        {"type": "invoice", "on": _day(bills.on[at]), "amount": _money(bills.amount[at])}
        for at in np.flatnonzero(bills.contract == place)
    ]
    price = _money(prices[place])
    return {"transaction_price": price, "obligations": obligations, "events": events}


def _timed(act: Callable[[], Rolled]) -> tuple[float, Rolled]:
    taken = []
    for _ in range(3):
        start = process_time()
        found = act()
        taken.append(process_time() - start)
    return min(taken), found


def _compare(rolled: Rolled, place: int, made: dict[str, object]) -> int:
    """Return how many figures of one contract were found equal to the plain path's."""
    same = 0
    labels = {f"{month.start:%Y-%m}": column for column, month in enumerate(rolled.months)}
    for row in recognise(read_document(made)).rows:
        if (column := labels.get(row.label)) is None:
            continue
        for line in row.lines:
            assert rolled.recognised[int(line.obligation), column] == line.amount
            same += 1
        after, left = row.after, row.remaining
        net = after.contract_liability - after.contract_asset
        figures = (net, row.revenue, left.total)
        found = (rolled.closing, rolled.revenue, rolled.remaining)
        for mine, theirs in zip(figures, found, strict=True):
            assert theirs[place, column] == mine
            same += 1
    return same


def main(count: int = 100_000) -> list[Figure]:
    """Measure the columns, compare some contracts with the plain path, and measure that."""
    prices, lines, bills = contracts(count)
    seconds, rolled = _timed(lambda: roll_forward(prices, lines, bills, FIRST, MONTHS + 1))
    made = [document(place, prices, lines, bills) for place in range(PLAIN)]
    start = process_time()
    for each in made:
        recognise(read_document(each))
    plain = (process_time() - start) / PLAIN
    same = sum(_compare(rolled, place, each) for place, each in enumerate(made))
    return [
        figure(f"{count:,} contracts of 36 months recognised, rolled forward", seconds, MOST, " s"),
        Figure("... lines x months", f"{rolled.recognised.size:,}", ""),
        Figure("... one contract by the plain path", f"{plain * 1000:.1f} ms", ""),
        Figure("... to the plain path", f"1/{plain * count / seconds:,.0f}", ""),
        Figure("... figures found equal to the plain path's", f"{same:,}", ""),
    ]


if __name__ == "__main__":
    sys.exit(0 if show(main(*map(int, sys.argv[1:]))) else 1)
