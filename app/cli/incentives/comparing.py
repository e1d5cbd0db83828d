"""`flask incentives simulate`: two plans over the same facts, per partner and currency."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

import click

from app.cli.files import complaints_about
from app.cli.incentives.calculating import mention, without_rate
from app.cli.incentives.columnar import sums_in_columns
from app.cli.incentives.documents import History, history_in, plans_in
from app.cli.incentives.output import amount
from app.cli.incentives.spill import complaints_of_room
from app.cli.incentives.watching import watch
from app.incentives.engine import Facts, Nothing, PlanVersion, calculate, shares_limits
from app.kernel.format import money
from app.kernel.money import Money

Sums = Counter[tuple[str, str]]
_COLUMNS = ("partner", "currency", "plan_a", "plan_b", "difference")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a partner (or all of them) is paid in one currency by each plan, in minor units."""

    partner: str
    currency: str
    before: int
    after: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in major units."""
        change = self.after - self.before
        amounts = (amount(each, self.currency) for each in (self.before, self.after, change))
        return self.partner, self.currency, *amounts


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of all partners, and the totals by currency."""

    rows: list[Compared]
    totals: list[Compared]

    def count(self, sign: int) -> int:
        """Return how many rows gain (1), lose (-1) or stay (0)."""
        changes = (row.after - row.before for row in self.rows)
        return sum((change > 0) - (change < 0) == sign for change in changes)


def compare(facts: Path, files: tuple[Path, Path], as_of: datetime | None) -> Comparison:
    """Return what two plan files make of the facts of a file."""
    with complaints_of_room():
        history = history_in(facts)
        at = history.last if as_of is None else as_of
        before, after = (_sums(file, history, facts, at) for file in files)
    rows = [
        Compared(partner, currency, before[partner, currency], after[partner, currency])
        for partner, currency in sorted({*before, *after})
    ]
    return Comparison(rows, list(_totals(rows)))


def _sums(file: Path, history: History, facts_file: Path, at: datetime) -> Sums:
    """Return what the plans of a file pay by partner and currency."""
    plans = plans_in(file)
    sums: Sums = Counter()
    left_out: list[str] = []
    with complaints_about(facts_file):
        groups = history.facts.groups(together=shares_limits(plans))
    with complaints_about(file):
        for facts in groups:
            found, nothing = sums_in_columns(facts, plans, at) or _plainly(facts, plans, at)
            sums.update(found)
            left_out += [without_rate(each) for each in nothing if each.code == "rate"]
    mention(file, left_out)
    return sums


def _plainly(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime
) -> tuple[Sums, Sequence[Nothing]]:
    result = calculate(facts, plans, at, watch=watch, traced=False)
    sums: Sums = Counter()
    for line in result.lines:
        sums[line.partner_id, line.currency] += line.minor
    return sums, result.nothing


def _totals(rows: list[Compared]) -> Iterable[Compared]:
    for currency in sorted({row.currency for row in rows}):
        own = [row for row in rows if row.currency == currency]
        yield Compared(ALL, currency, sum(r.before for r in own), sum(r.after for r in own))


def print_csv(found: Comparison) -> None:
    """Print a row for each partner and currency, and one for all of a currency."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(row.cells for row in (*found.rows, *found.totals))
    click.echo(stream.getvalue(), nl=False)


def print_json(found: Comparison) -> None:
    """Print the same as one JSON document, with how many gain and lose."""
    document = {
        "rows": [dict(zip(_COLUMNS, row.cells, strict=True)) for row in found.rows],
        "totals": [dict(zip(_COLUMNS[1:], row.cells[1:], strict=True)) for row in found.totals],
        "winners": found.count(1),
        "losers": found.count(-1),
        "unchanged": found.count(0),
    }
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_text(found: Comparison) -> None:
    """Print one sentence for each partner, and what it costs in all."""
    for row in found.rows:
        click.echo(f"{row.partner}: {_change(row)}.")
    for row in found.totals:
        click.echo(f"All in {row.currency}: {_change(row)}.")
    counts = (found.count(1), found.count(-1), found.count(0))
    click.echo("{} gain, {} lose, {} stay the same.".format(*counts))


def _change(row: Compared) -> str:
    before, after = (money(Money(each, row.currency)) for each in (row.before, row.after))
    change = row.after - row.before
    if not change:
        return f"{before} under both"
    sign = "more" if change > 0 else "less"
    return f"{before} becomes {after}, {money(Money(abs(change), row.currency))} {sign}"
