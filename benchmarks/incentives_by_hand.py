"""The same amounts written by hand for one set of rules: in DuckDB, in Polars, in plain NumPy.

Each is written as somebody who knows the tool would, for these rules alone, and keeps a line as
fact, component and amount. Amounts are whole: the parts of 10,000 that a total earns, rounded once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

import duckdb
import numpy as np
import polars as pl

from benchmarks.incentives_facts import PER, Rule, World

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Amounts:
    """The lines of one way: which fact, which component, how many minor units."""

    fact: np.ndarray
    component: np.ndarray
    minor: np.ndarray


def in_numpy(world: World) -> Amounts:
    """Return the amounts by one pass over the facts in order for each component."""
    places = np.arange(len(world.day))
    moment = world.day.astype(np.int64) << 21 | places
    order = np.argsort(world.partner.astype(np.int64) << 42 | moment)
    partner, day = world.partner[order], world.day[order]
    minor, kind = world.minor[order], world.kind[order]
    family, route = world.family[order], world.route[order]
    promoted = day >= world.promoted[partner]
    tier = np.where(promoted, world.tier_then[partner], world.tier[partner])
    periods = {name: partner << 15 | number for name, number in _periods(day).items()}
    found = []
    for first, second in zip(world.rules[::2], world.rules[1::2], strict=True):
        fits = _among(first.countries, world.country) & (world.programme == first.programme)
        rows = np.flatnonzero(
            (kind == first.kind)
            & fits[partner]
            & _among(first.families)[family]
            & _among(first.tiers)[tier]
            & _among(first.routes)[route]
        )
        value, period = minor[rows], periods[first.reset][rows]
        total = np.cumsum(value)
        starts = np.flatnonzero(np.concatenate(([True], period[1:] != period[:-1])))
        before = total[starts] - value[starts]
        total -= np.repeat(before, np.diff(starts, append=len(rows)))
        later = day[rows] >= second.start.toordinal()
        earned = np.empty(len(rows), np.int64)
        for rule, own in ((first, ~later), (second, later)):
            after = total[own]
            earned[own] = _earned(rule, after) - _earned(rule, after - value[own])
        found.append((order[rows], np.full(len(rows), first.component), (earned + PER // 2) // PER))
    return Amounts(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _among(codes: tuple[int, ...], of: np.ndarray | None = None) -> np.ndarray:
    held = np.zeros(16, bool)
    held[list(codes)] = True
    return held if of is None else held[of]


def _periods(day: np.ndarray) -> dict[str, np.ndarray]:
    """Return the number of each day's month, quarter and year, by a table of days."""
    first = int(day.min())
    days = [date.fromordinal(first + each) for each in range(int(day.max()) - first + 1)]
    months = np.array([each.year * 12 + each.month - 1 for each in days], np.int32)
    month = months[day - first]
    return {"month": month, "quarter": month // 3, "year": month // 12}


def _earned(rule: Rule, total: np.ndarray) -> np.ndarray:
    """Return what totals earn, in parts of a minor unit: each rate adds to the one below it."""
    found = total * rule.rates[0]
    for edge, low, high in zip(rule.edges, rule.rates, rule.rates[1:], strict=False):
        found += np.maximum(total - edge, 0) * (high - low)
    return found


_AMOUNTS = """
CREATE OR REPLACE TABLE lines AS
WITH held AS (
    SELECT f.*, p.programme, p.country, year(f.day) * 12 + month(f.day) - 1 AS month,
        CASE WHEN f.day >= p.promoted THEN p.tier_then ELSE p.tier END AS tier
    FROM facts f JOIN partners p USING (partner)
), matched AS (
    SELECT h.id, h.day, h.minor, r.rule,
        (r.component * 100000 + h.partner) * 100000 + h.month // r.months AS account
    FROM held h JOIN fits r USING (programme, kind, country, family, tier, route)
    WHERE h.day >= r.start AND h.day < r.until
), counted AS (
    SELECT id, rule, minor, sum(minor) OVER (
        PARTITION BY account ORDER BY day, id ROWS UNBOUNDED PRECEDING
    )::BIGINT AS total
    FROM matched
)
SELECT id, component, (
    minor * rate
    + (greatest(total - edge1, 0) - greatest(total - minor - edge1, 0)) * more1
    + (greatest(total - edge2, 0) - greatest(total - minor - edge2, 0)) * more2
    + (greatest(total - edge3, 0) - greatest(total - minor - edge3, 0)) * more3
    + 5000) // 10000 AS minor
FROM counted JOIN rules USING (rule)
"""
_DAY = "DATE '0001-01-01' + ({0}::INTEGER - 1) AS {0}"
_DAYS = ("day", "promoted", "start", "until")
_FACTS = ("partner", "day", "kind", "minor", "family", "route")
_PARTNERS = ("programme", "country", "tier", "promoted", "tier_then")
_FITS = ("programme", "kind", "country", "family", "tier", "route")
_KINDS = dict.fromkeys(_FITS, np.uint8) | dict.fromkeys(("start", "until", "rule"), np.int32)


class InDuckDB:
    """Tables in memory, whom a rule is for a row for each combination, and one statement."""

    def __init__(self, world: World) -> None:
        self._database = duckdb.connect()
        for name, table in _tables(world).items():
            days = ", ".join(_DAY.format(each) for each in _DAYS if each in table)
            replaced = f"REPLACE ({days})" if days else ""
            self._database.register("given", table)
            statement = f"CREATE TABLE {name} AS SELECT * {replaced} FROM given"  # noqa: S608
            self._database.execute(statement)

    def __call__(self) -> None:
        """Write the lines into a table."""
        self._database.execute(_AMOUNTS)

    def amounts(self) -> Amounts:
        """Return the lines that were written last."""
        found = self._database.execute("SELECT id, component, minor FROM lines").fetchnumpy()
        return Amounts(found["id"], found["component"], found["minor"])


class InPolars:
    """Frames in memory, the rules as for DuckDB, and one lazy query."""

    def __init__(self, world: World) -> None:
        frames = {name: _dated(pl.DataFrame(table)) for name, table in _tables(world).items()}
        self._facts, self._partners = frames["facts"].lazy(), frames["partners"].lazy()
        rules = frames["rules"].drop("component")
        self._fits = frames["fits"].join(rules, on="rule").lazy()
        self._lines = pl.DataFrame()

    def __call__(self) -> None:
        """Collect the lines."""
        day = pl.col("day")
        tier = pl.when(day >= pl.col("promoted")).then("tier_then").otherwise("tier")
        month = day.dt.year().cast(pl.Int64) * 12 + day.dt.month() - 1
        account = pl.col("component") * 100_000 + pl.col("partner")
        account = account * 100_000 + pl.col("month") // pl.col("months")
        moment = day.to_physical().cast(pl.Int64) * 10_000_000 + pl.col("id")
        total = pl.col("minor").cum_sum().over("account", order_by="moment")
        self._lines = (
            self._facts.join(self._partners, on="partner")
            .with_columns(tier=tier, month=month)
            .join(self._fits, on=_FITS)
            .filter(day >= pl.col("start"), day < pl.col("until"))
            .with_columns(account=account, moment=moment)
            .with_columns(total=total)
            .select("id", "component", minor=(_exact() + 5000) // 10000)
            .collect()
        )

    def amounts(self) -> Amounts:
        """Return the lines that were collected last."""
        return Amounts(*(self._lines[name].to_numpy() for name in ("id", "component", "minor")))


def _exact() -> pl.Expr:
    """Return what a line earns, in parts of a minor unit: each rate adds to the one below it."""
    total, minor = pl.col("total"), pl.col("minor")
    found = minor * pl.col("rate")
    for number in (1, 2, 3):
        edge, more = pl.col(f"edge{number}"), pl.col(f"more{number}")
        found += ((total - edge).clip(0) - (total - minor - edge).clip(0)) * more
    return found


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    epoch = date(1970, 1, 1).toordinal()
    days = [name for name in _DAYS if name in frame.columns]
    return frame.with_columns((pl.col(days) - epoch).cast(pl.Int32).cast(pl.Date))


def _tables(world: World) -> dict[str, dict[str, np.ndarray]]:
    """Return tables of facts, partners, rules, and for whom each rule is, column by column."""
    numbered = list(enumerate(world.rules))
    facts = {name: getattr(world, name) for name in _FACTS}
    people = {name: getattr(world, name) for name in _PARTNERS}
    return {
        "facts": {"id": np.arange(len(world.day), dtype=np.int32)} | facts,
        "partners": {"partner": np.arange(len(world.tier), dtype=np.int32)} | people,
        "rules": _columns([_terms(number, rule) for number, rule in numbered]),
        "fits": _columns([row for number, rule in numbered for row in _fits(number, rule)]),
    }


def _columns(rows: list[dict[str, int]]) -> dict[str, np.ndarray]:
    return {
        name: np.array([row[name] for row in rows], _KINDS.get(name, np.int64)) for name in rows[0]
    }


def _terms(number: int, rule: Rule) -> dict[str, int]:
    """Return a rule's component and rates: what each rate adds to the one below it."""
    found = {"rule": number, "component": rule.component, "rate": rule.rates[0]}
    found |= {f"edge{place}": edge for place, edge in enumerate(rule.edges, 1)}
    steps = enumerate(zip(rule.rates, rule.rates[1:], strict=False), 1)
    return found | {f"more{place}": high - low for place, (low, high) in steps}


def _fits(number: int, rule: Rule) -> Iterator[dict[str, int]]:
    """Yield a row for each combination of conditions that a rule pays."""
    known = {
        "rule": number,
        "component": rule.component,
        "start": rule.start.toordinal(),
        "until": rule.until.toordinal(),
        "months": MONTHS[rule.reset],
        "programme": rule.programme,
        "kind": rule.kind,
    }
    for codes in product(rule.countries, rule.families, rule.tiers, rule.routes):
        yield known | dict(zip(_FITS[2:], codes, strict=True))
