"""Where facts stand under a chain: what each counts for, and the running total round it."""

from dataclasses import dataclass

import numpy as np

from app.incentives.engine.columns.arrays import Bools, Ints
from app.incentives.engine.columns.limits import limited
from app.incentives.engine.columns.measure import Counted, Counting
from app.incentives.engine.columns.ordered import KINDS, Ordered
from app.incentives.engine.columns.settings import Setting
from app.incentives.engine.columns.terms import ages, started, still_runs
from app.incentives.engine.columns.undone import Undone
from app.incentives.engine.columns.volume import running
from app.incentives.engine.plan import Basis, Mode


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts that a chain pays on; base and running totals are over the counting's scale."""

    rows: Ints
    base: Ints
    before: Ints
    after: Ints
    age: Ints | None = None
    base_used: Ints | None = None


def standing(facts: Ordered, rows: Ints, setting: Setting, undone: Undone | None) -> Standing:
    """Return the facts that a chain pays on, of the rows it looks at, and where they stand.

    :raises Unfit: if 64 bits might not hold a sum, or a limit would be given back
    """
    if setting.table.qualify is not None:
        return _beside(facts, rows, setting, setting.table.qualify)
    counted = _counted(facts, setting.pays)
    if counted.counts is not None:
        rows = rows[counted.counts.take(rows)]
    rows, age = _in_term(facts, rows, setting)
    caps, scale = setting.chain.first.base_caps, setting.pays.scale
    base, used = limited(facts, rows, counted.values.take(rows), caps, scale)
    if not setting.counts:
        nothing = np.zeros_like(base)
        return Standing(rows, base, nothing, nothing, age, used)
    segments = facts.segments(setting.table.reset)
    if undone is None:
        after = running(segments.take(rows), base)
    else:
        after = undone.running(segments, rows, base)
    return Standing(rows, base, after - base, after, age, used)


def _beside(facts: Ordered, rows: Ints, setting: Setting, qualify: Basis) -> Standing:
    """Return the facts that are paid on beside the total of another measure."""
    pays = _is(facts, rows, setting.chain.first.basis.event)
    counted = _counted(facts, setting.pays)
    if counted.counts is not None:
        kept = ~pays | counted.counts.take(rows)
        rows, pays = rows[kept], pays[kept]
    open_, _ = _in_term(facts, rows[pays], setting)
    kept = ~pays
    kept[np.searchsorted(rows, open_)] = True
    rows, pays = rows[kept], pays[kept]
    moved = _counted(facts, setting.moves).values.take(rows)
    moved = np.where(_is(facts, rows, qualify.event), moved, 0)
    after = running(facts.segments(setting.table.reset).take(rows), moved)
    rows, before, after = rows[pays], (after - moved)[pays], after[pays]
    caps, scale = setting.chain.first.base_caps, setting.pays.scale
    base, used = limited(facts, rows, counted.values.take(rows), caps, scale)
    return Standing(rows, base, before, after, None, used)


def _in_term(facts: Ordered, rows: Ints, setting: Setting) -> tuple[Ints, Ints | None]:
    """Return the rows within the term, and their age where the rates go by it."""
    term, by_age = setting.chain.first.term, setting.table.mode is Mode.AGE
    if term.kind != "months" and not by_age:
        return rows, None
    begun = started(facts, rows, term)
    if term.kind == "months":
        kept = still_runs(facts, rows, begun, term.months)
        rows, begun = rows[kept], begun[kept]
    return rows, ages(facts, rows, begun) if by_age else None


def _counted(facts: Ordered, counting: Counting) -> Counted:
    return facts.keep(counting, lambda: counting.counted(facts))


def _is(facts: Ordered, rows: Ints, kind: object) -> Bools:
    held: Bools = facts.kinds.take(rows) == KINDS.index(kind)
    return held
