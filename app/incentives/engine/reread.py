"""Taking back by volume: the table is read again with the smaller total of the period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.incentives.engine import trace as traces
from app.incentives.engine.lines import Trace
from app.incentives.engine.moved import Pending, Standing, mixed, moved, undone
from app.incentives.engine.settle import holdback, ledger_key, split
from app.incentives.engine.state import Ledger, State, place_key, start_of
from app.incentives.engine.tables import Position, work
from app.incentives.engine.taking import Taking, lower
from app.kernel.money import round_half_away


@dataclass(frozen=True, slots=True)
class Back:
    """What is taken back of one part, main or held back, and how it came about."""

    minor: int
    how: Trace
    holdback: Trace | None = None


def reread(state: State, takings: list[Taking]) -> dict[str, Back]:
    """Return what brings each period to what its smaller volume earns.

    What a period comes to is rounded once, and what was paid of it subtracted: so that nothing is
    left when all of it is undone, however many lines paid it.
    """
    periods: dict[date, list[Trace]] = defaultdict(list)
    ledgers: dict[date, tuple[Ledger, Trace]] = {}
    pending = {id(taking.source): taking.base for taking in takings}
    for taking in takings:
        source = taking.source
        start = start_of(source.table.reset, source.event.on)
        ledger = state.ledgers[ledger_key(source.place, source.event)]
        before = {"owed": traces.text(ledger.owed), "paid": dict(ledger.paid)}
        ledgers.setdefault(start, (ledger, before))
        del pending[id(source)]
        periods[start].append(_reread(state, taking, ledger, pending | {id(source): taking.base}))
    timing = takings[-1].source.place[1].timing if takings else None
    if timing is None:
        return {}
    changes: dict[str, int] = defaultdict(int)
    for ledger, _ in ledgers.values():
        wanted = split(timing, round_half_away(ledger.owed))
        for part in sorted({*wanted, *ledger.paid}):
            change = wanted.get(part, 0) - ledger.paid[part]
            changes[part] += change
            ledger.paid[part] += change
    how = {
        "at": "by_volume",
        "takes_back": [note for notes in periods.values() for note in notes],
        "periods": [
            {"from": start.isoformat(), **before, "after": traces.text(ledger.owed)}
            for start, (ledger, before) in ledgers.items()
        ],
    }
    whole = sum(changes.values())
    return {
        part: Back(minor, how, holdback(timing, part, whole)) for part, minor in changes.items()
    }


def _reread(state: State, taking: Taking, ledger: Ledger, pending: Pending) -> Trace:
    source = taking.source
    earned, table = source.event, source.table
    own = mixed(state, source)
    step, later = _step(state, taking), []
    if own:
        step = undone(own, source, taking.base, pending)
        later = list(moved(own, source, taking.base, pending))
    lower(state, [taking])
    ledger.owed += taking.factor * (
        step.working.exact + sum(now.working.exact - was.working.exact for was, now in later)
    )
    return {
        "event": earned.key,
        "on": earned.on.isoformat(),
        "period": start_of(table.reset, earned.on).isoformat(),
        "minor": taking.minor,
        "of": earned.minor,
        "factor": traces.text(taking.factor),
        "base": traces.text(-taking.base),
        "table": state.told(step.trace),
        **({"later": state.told(_later, later)} if later else {}),
    }


def _step(state: State, taking: Taking) -> Standing:
    """Return the step down from the running total of the period."""
    source = taking.source
    key = place_key(source.place, source.event.partner_id)
    before = state.totals.at(key, source.table.reset, source.event.on)
    after = before - taking.base if source.counts else before
    position = Position(before, after, -taking.base, source.baseline, source.age)
    return Standing(source, position, work(source.table, position))


def _later(later: Iterable[tuple[Standing, Standing]]) -> Any:
    """Return the later sales that are read again, as each stood and as it stands now."""
    return [
        {"event": was.source.event.key, "was": was.trace(), "now": now.trace()}
        for was, now in later
    ]
