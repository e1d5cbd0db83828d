"""Booking, billing, crediting, paying, refunding."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.jobs.models import JobRun
from app.ledger.models import LedgerEntry
from app.pipeline.rules import ParticipantRole, Stage
from app.revenue import queries, services
from app.revenue.rules import (
    AlreadyBooked,
    InvoiceKind,
    MoreThanOpen,
    NotAnInvoice,
    NothingToBook,
    NotPositive,
    NotWon,
    OrderCancelled,
    OrderState,
    OtherCurrency,
    WrongDay,
)
from app.revenue.services import Booking, NoLegalEntity
from tests.factories.clockwork import NOON
from tests.factories.pipeline import make_opportunity, make_participant
from tests.factories.revenue import (
    entry,
    make_entity,
    make_invoice,
    make_order,
    make_payment,
)


@pytest.fixture
def won(session):
    make_entity(session)
    return make_opportunity(session, stage=Stage.LAUNCHED, closed_at=NOON, lines=[120_00, 80_50])


def book(session, opportunity, **said):
    return services.book(session, opportunity.id, actor=SYSTEM, at=NOON, said=Booking(**said))


def entries(session, row):
    session.flush()
    found = select(LedgerEntry.name).where(LedgerEntry.subject_id == row.id)
    return session.scalars(found.order_by(LedgerEntry.id)).all()


class TestBook:
    def test_copies_the_lines_which_add_up_to_the_order(self, session, won):
        order = book(session, won)

        assert [line.amount_minor for line in queries.lines_of(session, order.id)] == [12000, 8050]
        assert (order.total_minor, order.booked_on) == (20050, NOON.date())
        assert entries(session, order) == ["revenue.order.booked"]

    def test_asks_for_the_credit_of_its_partners(self, session, won):
        order = book(session, won)

        run = session.get(JobRun, f"{services.CREDIT_JOB}:{order.id}")
        assert run.kwargs == {"order_id": str(order.id)}

    def test_knows_who_delivers(self, session, won):
        part = make_participant(session, won, role=ParticipantRole.FULFILMENT)

        assert book(session, won).fulfilled_by_id == part.partner_id

    def test_is_refused_twice(self, session, won):
        first = book(session, won)

        with pytest.raises(AlreadyBooked, match=first.number):
            book(session, won)

    def test_is_refused_before_the_win(self, session):
        make_entity(session)
        with pytest.raises(NotWon):
            book(session, make_opportunity(session, stage=Stage.COMMITTED))

    def test_is_refused_without_lines(self, session):
        make_entity(session)
        with pytest.raises(NothingToBook):
            book(session, make_opportunity(session, stage=Stage.LAUNCHED, closed_at=NOON))

    def test_is_refused_without_a_company_that_sells(self, session):
        opportunity = make_opportunity(session, stage=Stage.LAUNCHED, lines=[100])
        with pytest.raises(NoLegalEntity):
            book(session, opportunity)

    def test_is_refused_on_a_day_ahead(self, session, won):
        with pytest.raises(WrongDay):
            book(session, won, on=NOON.date() + timedelta(days=2))


class TestInvoice:
    def test_takes_the_whole_or_parts_but_never_more_than_is_left(self, session):
        order = make_order(session, 1000)
        make_invoice(session, order, 400)
        bill = make_invoice(session, order, 600)

        with pytest.raises(MoreThanOpen):
            make_invoice(session, order, 1)
        assert bill.number.startswith("IN-2026-")
        assert entries(session, bill) == ["revenue.invoice.issued"]

    @pytest.mark.parametrize(
        ("said", "refusal"),
        [
            (entry(0), NotPositive),
            (entry(-5), NotPositive),
            (entry(100_001), MoreThanOpen),
            (entry(100, "USD"), OtherCurrency),
            (entry(100, on=date(2026, 2, 1)), WrongDay),
            (entry(100, on=date(2026, 3, 4)), WrongDay),
            (entry(100, due_on=date(2026, 2, 28)), WrongDay),
        ],
    )
    def test_refuses_what_cannot_be(self, session, said, refusal):
        order = make_order(session)

        with pytest.raises(refusal):
            services.issue_invoice(session, order.id, entry=said, actor=SYSTEM, at=NOON)

    def test_refuses_a_cancelled_order(self, session):
        order = make_order(session, state=OrderState.CANCELLED)

        with pytest.raises(OrderCancelled):
            make_invoice(session, order)


def credit(session, bill, minor, **over):
    said = entry(minor, **over)
    return services.issue_credit_note(session, bill.id, entry=said, actor=SYSTEM, at=NOON)


def refund(session, bill, minor):
    return services.record_refund(session, bill.id, entry=entry(minor), actor=SYSTEM, at=NOON)


class TestCreditNote:
    def test_takes_back_part_of_a_bill_which_can_be_billed_again(self, session):
        order = make_order(session, 1000)
        bill = make_invoice(session, order)

        note = credit(session, bill, 300)

        assert (note.kind, note.number[:3]) == (InvoiceKind.CREDIT_NOTE, "CN-")
        assert queries.order_balance(session, order.id).unbilled == 300
        assert entries(session, note) == ["revenue.invoice.credited"]

    def test_never_more_than_was_billed(self, session):
        bill = make_invoice(session, make_order(session, 1000), 500)
        credit(session, bill, 300)

        with pytest.raises(MoreThanOpen):
            credit(session, bill, 201)

    def test_a_credit_note_is_neither_credited_nor_paid(self, session):
        note = credit(session, make_invoice(session, make_order(session)), 300)

        with pytest.raises(NotAnInvoice):
            credit(session, note, 1)
        with pytest.raises(NotAnInvoice):
            make_payment(session, note, 1)


class TestCash:
    def test_a_payment_is_never_more_than_is_open(self, session):
        bill = make_invoice(session, make_order(session, 1000))
        credit(session, bill, 100)
        payment = make_payment(session, bill, 900)

        with pytest.raises(MoreThanOpen):
            make_payment(session, bill, 1)
        assert payment.number.startswith("PY-2026-")
        assert entries(session, payment) == ["revenue.payment.received"]

    def test_a_refund_is_never_more_than_came_in(self, session):
        bill = make_invoice(session, make_order(session, 1000))
        make_payment(session, bill, 400)

        back = refund(session, bill, 150)

        with pytest.raises(MoreThanOpen):
            refund(session, bill, 251)
        assert entries(session, back) == ["revenue.payment.refunded"]

    def test_what_was_refunded_can_be_paid_again(self, session):
        bill = make_invoice(session, make_order(session, 1000))
        make_payment(session, bill)
        refund(session, bill, 1000)

        assert make_payment(session, bill, 1000).amount_minor == 1000
