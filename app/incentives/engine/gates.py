"""What blocks a line from being paid, and until when: minimum, hold, collection, blocks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from app.incentives.engine.facts import Block, BlockCode
from app.incentives.engine.lines import Gate, Line
from app.incentives.engine.plan import PlanVersion
from app.kernel.format import day, money
from app.kernel.money import Money

Scope = tuple[str, ...]
Minimum = tuple[Scope, int]
"""Whose lines are added up, and the minor units from which they are paid; 0: any amount."""


def gated(
    lines: Iterable[Line], plans: Sequence[PlanVersion], blocks: Sequence[Block], as_of: date
) -> tuple[Line, ...]:
    """Return the lines by day and key, each with its day of payment and what blocks it."""
    ordered = sorted(lines, key=lambda line: (line.earned_on, line.key))
    waits: dict[int, Gate] = {}
    for least in (_of_component(plans), _of_plan(plans)):
        ordered = _accumulated(ordered, least, waits)
    blocked = defaultdict(list)
    for block in blocks:
        blocked[block.partner_id].append(block)
    found = []
    for index, line in enumerate(ordered):
        gate = gate_of(line, waits.get(index), blocked[line.partner_id], as_of)
        found.append(line if gate is None else replace(line, gate=gate))
    return tuple(found)


def _of_component(plans: Sequence[PlanVersion]) -> Callable[[Line], Minimum]:
    least = {
        (plan.code, plan.version, component.code): component.timing.minimum_payout
        for plan in plans
        for component in plan.components
    }
    return lambda line: (
        (line.plan, line.component, line.partner_id),
        least.get((line.plan, line.version, line.component), 0),
    )


def _of_plan(plans: Sequence[PlanVersion]) -> Callable[[Line], Minimum]:
    least = {(plan.code, plan.version): plan.minimum_payout for plan in plans}
    return lambda line: (
        (line.plan, line.partner_id),
        least.get((line.plan, line.version), 0),
    )


def _accumulated(
    lines: list[Line], least: Callable[[Line], Minimum], waits: dict[int, Gate]
) -> list[Line]:
    """Move the days of payment to when what is payable comes to the minimum.

    What is payable adds up until the minimum is reached; all of it is paid then, and the next
    begins at zero.
    """
    scopes: dict[Scope, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        scope, minimum = least(line)
        if minimum and line.payable_on is not None:
            scopes[scope].append(index)
    moved = list(lines)
    for indexes in scopes.values():
        _release(moved, indexes, least, waits)
    return moved


def _release(
    lines: list[Line],
    indexes: list[int],
    least: Callable[[Line], Minimum],
    waits: dict[int, Gate],
) -> None:
    def when(index: int) -> date:
        return lines[index].payable_on or date.max

    pending: list[int] = []
    for on, group in groupby(sorted(indexes, key=when), key=when):
        pending.extend(group)
        minimum = least(lines[pending[-1]])[1]
        if sum(lines[index].minor for index in pending) >= minimum:
            _move(lines, pending, on, waits, minimum)
            pending = []
    if pending:
        _move(lines, pending, None, waits, least(lines[pending[-1]])[1])


def _move(
    lines: list[Line], indexes: list[int], on: date | None, waits: dict[int, Gate], minimum: int
) -> None:
    so_far = sum(lines[index].minor for index in indexes)
    currency = lines[indexes[0]].currency
    least = money(Money(minimum, currency))
    for index in indexes:
        line = lines[index]
        if line.payable_on == on:
            continue
        words = (
            f"It waits until {least} is reached; {money(Money(so_far, currency))} is, so far."
            if on is None
            else f"It waits until {least} is reached, on {day(on)}."
        )
        waits[index] = Gate("below_minimum", on, words)
        lines[index] = replace(line, payable_on=on, trace=_timed(line, on))


def _timed(line: Line, on: date | None) -> dict[str, object]:
    timing = line.trace.get("timing")
    if timing is None:
        return line.trace
    return line.trace | {"timing": {**timing, "payable_on": on and on.isoformat()}}


def gate_of(line: Line, wait: Gate | None, blocks: Iterable[Block], as_of: date) -> Gate | None:
    """Return what blocks a line on a day: of several, the one that lasts longest.

    ``wait`` is that of a minimum, ``blocks`` are those of the line's partner.
    """
    found = [] if wait is None or not _lasts(wait, as_of) else [wait]
    if wait is None and (timed := _timing_gate(line.payable_on, as_of)) is not None:
        found.append(timed)
    found += [_blocked(block) for block in blocks if _holds(block, line, as_of)]
    if not found:
        return None
    longest = max(found, key=lambda gate: gate.until or date.max)
    if longest.until is not None and line.payable_on is not None:
        return replace(longest, until=max(longest.until, line.payable_on))
    return longest


def _lasts(gate: Gate, as_of: date) -> bool:
    return gate.until is None or gate.until > as_of


def _timing_gate(payable_on: date | None, as_of: date) -> Gate | None:
    if payable_on is None:
        return Gate("awaiting_collection", None, "It waits until the customer has paid in full.")
    if payable_on > as_of:
        return Gate("hold", payable_on, f"It is on hold until {day(payable_on)}.")
    return None


def _holds(block: Block, line: Line, as_of: date) -> bool:
    fits = block.order_id in ("", line.order_id) and block.event_key in ("", line.event_key)
    return fits and block.start <= as_of and (block.until is None or as_of < block.until)


_WHY = {
    BlockCode.DISPUTE: "It is in dispute",
    BlockCode.MISSING_PAYOUT_DETAILS: "Payout details are missing",
    BlockCode.RISK_REVIEW: "It is under risk review",
}


def _blocked(block: Block) -> Gate:
    until = "" if block.until is None else f" until {day(block.until)}"
    return Gate(str(block.code), block.until, f"{_WHY[block.code]}{until}.")
