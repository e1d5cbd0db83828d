"""A plan and its facts through time: late records, refunds, lapses, closed periods."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.incentives.engine import (
    Closing,
    CreditedEvent,
    EventKind,
    Facts,
    Line,
    calculate,
    calculate_open,
    difference,
    recompute,
)
from tests.incentives.engine.strategies import PARTNERS, any_plans, full_plans, told

DAYS, ORDERS = st.integers(0, 300), st.sampled_from(["o1", "o2", "o3"])
QUICK = settings(
    max_examples=40,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
END = datetime(2030, 1, 1, tzinfo=UTC)


def calculated(events, version, as_of=END):
    return calculate(Facts.of(PARTNERS, events), [version], as_of).lines


def sums(lines):
    """Return the sum of what each line, with its adjustments, came to."""
    found: Counter[Any] = Counter()
    for line in lines:
        found[line.corrects or line.key] += line.minor
    return {key: minor for key, minor in found.items() if minor}


class Facing(RuleBasedStateMachine):
    """What is told so far; every rule adds a record, on any day, late or not."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[CreditedEvent] = []
        self.left: dict[str, int] = {}
        self.count = 0

    def tell(self, kind, day, order, minor, **over):
        self.count += 1
        found = told(f"e{self.count:03d}", kind, day, order, minor, **over)
        self.events += found
        return found[0].key

    @rule(day=DAYS, order=ORDERS, minor=st.integers(1, 9_000_000))
    def collect(self, day, order, minor):
        self.left[self.tell("collected", day, order, minor)] = minor

    @rule(day=DAYS, order=ORDERS, minor=st.integers(1, 9_000_000))
    def book(self, day, order, minor):
        self.tell("booked", day, order, minor)

    @precondition(lambda self: any(self.left.values()))
    @rule(data=st.data(), later=st.integers(0, 90))
    def refund(self, data, later):
        key = data.draw(st.sampled_from(sorted(key for key, left in self.left.items() if left)))
        minor = data.draw(st.integers(1, self.left[key]))
        paid = next(event for event in self.events if event.key == key)
        self.left[key] -= minor
        day = (paid.on - date(2026, 1, 1)).days + later
        self.tell("refunded", day, paid.order_id, minor, reverses=key)

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def tell_again(self, data):
        self.events.append(data.draw(st.sampled_from(self.events)))


class AnyOrder(Facing):
    """Whatever is told: the order of telling does not matter, nor who is calculated apart."""

    @initialize(version=any_plans())
    def start(self, version):
        self.version = version

    @rule(day=DAYS)
    def lapse(self, day):
        self.tell("certification_lapsed", day, "", 0, currency="")

    def teardown(self):
        """Check everything that was told: each step before it is a shorter story of its own."""
        if not hasattr(self, "version"):
            return
        lines = calculated(self.events, self.version)
        assert calculated([*self.events[1::2], *reversed(self.events[::2])], self.version) == lines
        assert [recompute(line.trace) for line in lines] == [line.minor for line in lines]
        keys = [line.key for line in lines]
        assert len(keys) == len(set(keys))
        paid: Counter[Any] = Counter()
        for line in lines:
            paid[line.component, line.partner_id] += line.minor
        assert min(paid.values(), default=0) >= 0
        for partner in PARTNERS:
            own = [event for event in self.events if event.partner_id == partner.id]
            alone = calculate(Facts.of([partner], own), [self.version], END).lines
            assert list(alone) == [line for line in lines if line.partner_id == partner.id]


class Undone(Facing):
    """Refunding all that is left, in parts of any size, nets every component to zero."""

    @initialize(version=full_plans())
    def start(self, version):
        self.version = version

    def teardown(self):
        if not hasattr(self, "version"):
            return
        rest = [
            replace(
                event,
                key=f"x{event.key}",
                kind=EventKind.REFUNDED,
                on=date(2027, 6, 1),
                minor=self.left[event.key],
                reverses=event.key,
            )
            for event in {(e.key, e.partner_id): e for e in self.events}.values()
            if self.left.get(event.key)
        ]
        lines = calculated(self.events + rest, self.version)
        paid: Counter[Any] = Counter()
        for line in lines:
            paid[line.component, line.partner_id] += line.minor
        assert not any(paid.values())


class Closed(Facing):
    """Periods close; what was issued stays, and adjustments bring it to what is right."""

    @initialize(version=any_plans())
    def start(self, version):
        self.version = version
        self.closings: list[Closing] = []
        self.issued: tuple[Line, ...] = ()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def tell(self, kind, day, order, minor, **over):
        """Record whatever is told now, whenever it happened."""
        self.now += timedelta(hours=7)
        return super().tell(kind, day, order, minor, recorded_at=self.now, **over)

    @rule(days=st.integers(1, 120))
    def close(self, days):
        last = self.closings[-1].until if self.closings else date(2026, 1, 1)
        until = last + timedelta(days=days)
        self.now = max(self.now, datetime.combine(until, time(), UTC)) + timedelta(days=3)
        self.closings.append(Closing(until, self.now))

    @precondition(lambda self: self.events)
    @rule(data=st.data(), minor=st.integers(1, 9_000_000))
    def correct(self, data, minor):
        """Record another amount for a booking: all partners are told."""
        key = data.draw(st.sampled_from(sorted({event.key for event in self.events})))
        kind = next(event.kind for event in self.events if event.key == key)
        if kind is not EventKind.BOOKED:
            return
        self.now += timedelta(hours=5)
        latest = {(e.key, e.partner_id): e for e in self.events if e.key == key}
        self.events += [replace(e, minor=minor, recorded_at=self.now) for e in latest.values()]

    @invariant()
    def what_was_issued_stays(self):
        if not hasattr(self, "version"):
            return
        as_of = max(self.now, datetime(2026, 12, 31, tzinfo=UTC))
        facts = Facts.of(PARTNERS, self.events)
        found = calculate_open(facts, [self.version], self.closings, as_of)
        before = [(line.key, line.minor, line.corrects) for line in self.issued]
        after = [(line.key, line.minor, line.corrects) for line in found.issued]
        assert after[: len(before)] == before
        self.issued = found.issued
        everything = calculated(self.events, self.version, as_of)
        assert sums([*found.issued, *found.result.lines]) == sums(everything)
        assert difference([*found.issued, *found.result.lines], everything) == ()
        for line in (*found.issued, *found.result.lines):
            assert recompute(line.trace) == line.minor
            late = found.open_from is not None and line.earned_on < found.open_from
            if line in found.result.lines:
                assert (line.corrects is not None) == late


for machine in (AnyOrder, Undone, Closed):
    machine.TestCase.settings = QUICK
TestAnyOrder = AnyOrder.TestCase
TestUndone = Undone.TestCase
TestClosed = Closed.TestCase
