"""Rate tables: what a base earns, step by step, in each declared mode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.incentives.engine.plan import Applies, Bracket, Mode, RateTable
from app.kernel.errors import Broken

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A sale that was paid before at ``rate``, and what the part of it that stands counts for."""

    key: str
    on: date
    base: Fraction
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Position:
    """Where an event stands: the running total before and after it, in its period.

    ``paid`` is the base that is paid on (it differs from the move where a plan qualifies on another
    measure), ``baseline`` the earlier period's total for growth, ``age`` the customer's months.
    ``earlier`` are the sales of the period that a rate reached now tops up.
    """

    before: Fraction
    after: Fraction
    paid: Fraction
    baseline: Fraction = ZERO
    age: int = 0
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the working: ``base`` at ``rate``, or a fixed amount; ``exact`` minor units."""

    lower: Fraction
    upper: Fraction | None
    base: Fraction
    rate: Fraction | None
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Working:
    """The steps that an event earns, less those already earned in the period."""

    steps: tuple[Step, ...]
    already: tuple[Step, ...] = ()

    @property
    def exact(self) -> Fraction:
        """The unrounded amount in minor units."""
        earned = _sum(self.steps)
        return earned - _sum(self.already) if self.already else earned


def tops_up(table: RateTable) -> bool:
    """Whether reaching a rate tops up each earlier sale by itself, not their running total.

    A total that qualifies is another than what is paid on, and sales leave a rolling window; so
    each sale remembers the rate it was paid at.
    """
    if table.qualify is not None:
        return table.mode in (Mode.RETROACTIVE, Mode.GROWTH, Mode.ACCELERATOR)
    return table.mode is Mode.RETROACTIVE and table.reset.rolls


def work(table: RateTable, position: Position) -> Working:
    """Return what a table pays for one event at its position."""
    return _MODES[table.mode](table, position)


def brackets_of(table: RateTable, baseline: Fraction) -> tuple[Bracket, ...]:
    """Return the brackets in units of the base, with plain rates.

    Growth bands are ratios to the baseline; accelerator bands are ratios to the target and carry
    multipliers of the table's rate, below a first bracket at the rate itself.
    """
    if table.mode is Mode.GROWTH:
        return tuple(_scaled(each, baseline, Fraction(1)) for each in table.brackets)
    if table.mode is Mode.ACCELERATOR:
        target, rate = _given(table.target), _given(table.rate)
        first = Bracket(ZERO, target, rate)
        return (first, *(_scaled(each, target, rate) for each in table.brackets))
    return table.brackets


def reached(brackets: tuple[Bracket, ...], value: Fraction) -> Bracket | None:
    """Return the bracket that ``value`` lies in, if any."""
    return next((each for each in brackets if each.holds(value)), None)


def _scaled(bracket: Bracket, unit: Fraction, rate: Fraction) -> Bracket:
    upper = None if bracket.upper is None else bracket.upper * unit
    return Bracket(bracket.lower * unit, upper, bracket.rate * rate)


def _sum(steps: tuple[Step, ...]) -> Fraction:
    if len(steps) == 1:
        return steps[0].exact  # most often there is one: it needs no arithmetic
    return sum((step.exact for step in steps), ZERO)


def _given(value: Fraction | None) -> Fraction:
    if value is None:
        raise Broken("a rate table lacks a value that its mode needs")
    return value


def _at(bracket: Bracket, base: Fraction) -> Step:
    return Step(bracket.lower, bracket.upper, base, bracket.rate, base * bracket.rate)


def _slices(brackets: tuple[Bracket, ...], start: Fraction, end: Fraction) -> tuple[Step, ...]:
    """Cut the way from ``start`` to ``end`` at the brackets; going down gives negative slices."""
    low, high, sign = (start, end, 1) if end >= start else (end, start, -1)
    steps = []
    for each in brackets:
        if each.lower >= high or (each.upper is not None and each.upper <= low):
            continue
        top = high if each.upper is None else min(high, each.upper)
        width = top - max(low, each.lower)
        if width > 0:
            steps.append(_at(each, sign * width))
    return tuple(steps)


def _flat(table: RateTable, position: Position) -> Working:
    if table.amount is None:
        rate = _given(table.rate)
        return Working((Step(ZERO, None, position.paid, rate, position.paid * rate),))
    return Working((Step(ZERO, None, position.paid, None, position.paid * table.amount),))


def _age(table: RateTable, position: Position) -> Working:
    bracket = reached(table.brackets, Fraction(position.age))
    return Working(() if bracket is None else (_at(bracket, position.paid),))


def _sliced(table: RateTable, position: Position) -> Working:
    brackets = brackets_of(table, position.baseline)
    return Working(_slices(brackets, position.before, position.after))


def _next_sale(table: RateTable, position: Position) -> Working:
    bracket = reached(table.brackets, position.before)
    return Working(() if bracket is None else (_at(bracket, position.paid),))


def _topped(table: RateTable, position: Position) -> Working:
    """Pay at the reached rate, and top earlier sales up to it; none is ever paid less again."""
    bracket = reached(brackets_of(table, position.baseline), position.after)
    if bracket is None:
        return Working(())
    lower = [each for each in position.earlier if each.rate < bracket.rate]
    base = position.paid + sum(each.base for each in lower)
    already = tuple(
        Step(bracket.lower, bracket.upper, each.base, each.rate, each.base * each.rate)
        for each in lower
    )
    return Working((_at(bracket, base),) if base else (), already)


def _retroactive(table: RateTable, position: Position) -> Working:
    if tops_up(table):
        return _topped(table, position)
    return _whole(position, lambda total: _reached_on(table.brackets, total, total))


def _on_excess(table: RateTable, position: Position) -> Working:
    base = position.baseline
    return _whole(
        position, lambda total: _reached_on(table.brackets, total, max(ZERO, total - base))
    )


def _growth(table: RateTable, position: Position) -> Working:
    if position.baseline <= 0:
        return Working(())
    if tops_up(table):
        return _topped(table, position)
    if table.applies is Applies.STEPPED:
        return _sliced(table, position)
    less = position.baseline if table.applies is Applies.EXCESS else ZERO
    brackets = brackets_of(table, position.baseline)
    return _whole(position, lambda total: _reached_on(brackets, total, max(ZERO, total - less)))


def _accelerator(table: RateTable, position: Position) -> Working:
    if tops_up(table):
        return _topped(table, position)
    if table.applies is Applies.SLICED:
        return _sliced(table, position)
    brackets = brackets_of(table, ZERO)
    return _whole(position, lambda total: _overage(brackets, total))


def _threshold_bonus(table: RateTable, position: Position) -> Working:
    return _whole(position, lambda total: _bonuses(table, total))


def _whole(position: Position, earned: Callable[[Fraction], tuple[Step, ...]]) -> Working:
    after, before = earned(position.after), earned(position.before)
    return Working((), ()) if after == before else Working(after, before)


def _reached_on(brackets: tuple[Bracket, ...], total: Fraction, base: Fraction) -> tuple[Step, ...]:
    bracket = reached(brackets, total)
    return () if bracket is None or base == 0 else (_at(bracket, base),)


def _overage(brackets: tuple[Bracket, ...], total: Fraction) -> tuple[Step, ...]:
    first, *bands = brackets
    below = _slices((first,), ZERO, max(ZERO, total))
    top = bands[-1].upper
    paid = total if top is None else min(total, top)
    band = reached(tuple(bands), total) or (bands[-1] if top is not None and total >= top else None)
    start = _given(first.upper)
    return below if band is None or paid <= start else (*below, _at(band, paid - start))


def _bonuses(table: RateTable, total: Fraction) -> tuple[Step, ...]:
    hit = [each for each in table.brackets if total >= each.lower]
    chosen = hit if table.applies is Applies.EACH else hit[-1:]
    return tuple(
        Step(each.lower, each.upper, Fraction(1), None, Fraction(each.amount or 0))
        for each in chosen
    )


_MODES: dict[Mode, Callable[[RateTable, Position], Working]] = {
    Mode.FLAT: _flat,
    Mode.AGE: _age,
    Mode.MARGINAL: _sliced,
    Mode.RETROACTIVE: _retroactive,
    Mode.ON_EXCESS: _on_excess,
    Mode.NEXT_SALE: _next_sale,
    Mode.THRESHOLD_BONUS: _threshold_bonus,
    Mode.GROWTH: _growth,
    Mode.ACCELERATOR: _accelerator,
}
