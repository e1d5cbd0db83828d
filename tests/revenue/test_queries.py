"""The facts: events, ladder, what stood on a day."""

from datetime import date

from app.access.rules import SYSTEM
from app.revenue import queries, services
from app.revenue.queries import EventKind
from tests.factories.clockwork import NOON
from tests.factories.revenue import entry, make_invoice, make_order, make_payment

YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def chain(session):
    order = make_order(session, 667, 333)
    bill = make_invoice(session, order, 500, on=date(2026, 2, 10))
    make_payment(session, bill, 101, on=date(2026, 2, 20))
    said = entry(50)
    services.issue_credit_note(session, bill.id, entry=said, actor=SYSTEM, at=NOON)
    services.record_refund(session, bill.id, entry=entry(1), actor=SYSTEM, at=NOON)
    return order, bill


class TestEvents:
    def test_tell_the_whole_chain_by_day(self, session):
        order, bill = chain(session)

        found = list(queries.events_of(session, [order.id]))

        assert [(e.kind, e.minor) for e in found] == [
            (EventKind.BOOKED, 1000),
            (EventKind.BILLED, 500),
            (EventKind.COLLECTED, 101),
            (EventKind.CREDITED, 50),
            (EventKind.REFUNDED, 1),
        ]
        assert found[1].key == f"invoice:{bill.number}"
        assert found[3].reverses == f"invoice:{bill.number}"

    def test_of_some_orders_are_those_of_the_whole_year_that_are_theirs(self, session):
        ours = {chain(session)[0].id, chain(session)[0].id}
        chain(session)

        every = list(queries.events_between(session, *YEAR))

        assert len(every) == 15
        assert list(queries.events_of(session, sorted(ours))) == [
            event for event in every if event.order_id in ours
        ]

    def test_are_split_over_families_to_the_cent(self, session):
        order, _ = chain(session)

        for event in queries.events_of(session, [order.id]):
            assert sum(part.minor for part in event.families) == event.minor
        collected = list(queries.events_of(session, [order.id]))[2]
        assert sorted(part.minor for part in collected.families) == [34, 67]

    def test_the_last_day_is_outside(self, session):
        order, _ = chain(session)

        found = queries.events_between(session, date(2026, 2, 10), date(2026, 2, 20))

        assert [e.kind for e in found if e.order_id == order.id] == [EventKind.BILLED]

    def test_say_whose_order_it_is(self, session):
        order, _ = chain(session)

        event = next(queries.events_of(session, [order.id]))

        assert (event.order_number, event.account_id) == (order.number, order.account_id)
        assert event.account_name
        assert event.recorded_at == NOON


class TestLadder:
    def test_adds_up_each_rung_by_month(self, session):
        chain(session)

        rungs = {rung.month: rung for rung in queries.ladder(session, start=YEAR[0], until=YEAR[1])}

        february, march = rungs[date(2026, 2, 1)], rungs[date(2026, 3, 1)]
        assert (february.booked_minor, february.billed_minor) == (1000, 500)
        assert (february.collected_minor, march.collected_minor) == (101, -1)
        assert march.billed_minor == -50

    def test_agrees_with_the_events(self, session):
        chain(session)
        sums = dict.fromkeys(EventKind, 0)
        for event in queries.events_between(session, *YEAR):
            sums[event.kind] += event.minor

        rungs = queries.ladder(session, start=YEAR[0], until=YEAR[1])

        assert sum(r.booked_minor for r in rungs) == sums[EventKind.BOOKED]
        billed = sums[EventKind.BILLED] - sums[EventKind.CREDITED]
        assert sum(r.billed_minor for r in rungs) == billed

    def test_what_stood_on_a_past_day(self, session):
        order, _ = chain(session)

        before = queries.standing_at(session, order.id, date(2026, 2, 15))
        after = queries.standing_at(session, order.id, date(2026, 3, 1))

        assert (before.billed, before.collected) == (500, 0)
        assert (after.billed, after.collected, after.unbilled) == (450, 100, 550)
