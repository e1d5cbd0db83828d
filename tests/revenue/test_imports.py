"""Files of payments and invoices, from the bytes to the rows."""

import pytest
from sqlalchemy import func, select

from app.access.rules import SYSTEM
from app.kernel.money import Money
from app.ledger.models import LedgerEntry
from app.revenue import queries
from app.revenue.models import Import, Invoice, Payment
from app.revenue.rules.imports import (
    AlreadyDecided,
    HasBadRows,
    ImportKind,
    ImportState,
    NothingToTake,
)
from app.revenue.rules.reading import PLAIN
from app.revenue.services.imports import Upload, bring, discard, take
from tests.factories.clockwork import NOON
from tests.factories.revenue import make_invoice, make_order, make_payment

PAYMENTS = "source_id,invoice,amount,currency,received_on,kind,reference\n"
INVOICES = "source_id,order,amount,currency,issued_on,kind,corrects\n"


def brought(session, text, kind=ImportKind.PAYMENTS, **over):
    upload = Upload(kind, "bank.csv", text.encode(), over.pop("source", "bank"), **over)
    return bring(session, upload, actor=SYSTEM, at=NOON)


def taken(session, found, good_only=False):
    return take(session, found.id, good_only=good_only, actor=SYSTEM, at=NOON)


def count(session, kind):
    return session.scalar(select(func.count()).select_from(kind))


@pytest.fixture
def bill(session):
    return make_invoice(session, make_order(session))


class TestPayments:
    def test_are_looked_at_first_and_then_taken(self, session, bill):
        found = brought(session, f"{PAYMENTS}B1,{bill.number},600.00,EUR,2026-02-20,,R 1\n")

        assert (found.report["good"], count(session, Payment)) == (1, 0)
        assert taken(session, found)
        payment = session.scalars(select(Payment)).one()
        assert (payment.amount_minor, payment.source, payment.source_id) == (60_000, "bank", "B1")
        assert found.content is None

    def test_each_leaves_an_entry(self, session, bill):
        rows = f"B1,{bill.number},1,EUR,2026-02-20,,\nB2,{bill.number},1,EUR,2026-02-20,refund,\n"
        found = brought(session, PAYMENTS + rows)
        taken(session, found)
        session.flush()

        names = set(session.scalars(select(LedgerEntry.name)))
        assert {"revenue.payment.received", "revenue.payment.refunded"} <= names
        assert {"revenue.import.started", "revenue.import.finished"} <= names

    def test_the_same_file_twice_changes_nothing(self, session, bill):
        text = f"{PAYMENTS}B1,{bill.number},600,EUR,2026-02-20,,\n"
        taken(session, brought(session, text))

        again = brought(session, text)

        assert (again.report["good"], again.report["unchanged"]) == (0, 1)
        with pytest.raises(NothingToTake):
            taken(session, again)

    def test_rows_of_one_file_never_pay_more_than_is_open(self, session, bill):
        row = f"{bill.number},600,EUR,2026-02-20,,\n"
        found = brought(session, f"{PAYMENTS}B1,{row}B2,{row}")

        assert found.report["problems"][0]["sentence"].startswith("Only EUR 400.00 is left to pay")
        with pytest.raises(HasBadRows):
            taken(session, found)
        assert count(session, Payment) == 0
        assert taken(session, found, good_only=True)
        assert count(session, Payment) == 1

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ("B1,IN-0,1,EUR,2026-02-20,,", "invoice"),
            ("B1,{},1,USD,2026-02-20,,", "amount"),
            ("B1,{},1,EU,2026-02-20,,", "currency"),
            ("B1,{},-1,EUR,2026-02-20,,", "amount"),
            ("B1,{},0,EUR,2026-02-20,,", "amount"),
            ("B1,{},NaN,EUR,2026-02-20,,", "amount"),
            ("B1,{},1e309,EUR,2026-02-20,,", "amount"),
            ("B1,{},1.234,EUR,2026-02-20,,", "amount"),
            ("B1,{},99999999999999999999,EUR,2026-02-20,,", "amount"),
            ("B1,{},1,EUR,20.02.2026,,", "received_on"),
            ("B1,{},1,EUR,2026-02-30,,", "received_on"),
            ("B1,{},1,EUR,2026-01-01,,", "received_on"),
            ("B1,{},1,EUR,2199-01-01,,", "received_on"),
            (",{},1,EUR,2026-02-20,,", "source_id"),
            ("B1,{},1,EUR,2026-02-20,gift,", "kind"),
            ("B1,{},1,EUR,2026-02-20,refund,", "amount"),
            ("B1,{},1,EUR,2026-02-20,," + "x" * 65, "reference"),
        ],
    )
    def test_a_bad_row_is_named_by_line_and_field(self, session, bill, row, field):
        found = brought(session, PAYMENTS + row.format(bill.number) + "\n")

        assert [(p["line"], p["field"]) for p in found.report["problems"]] == [(2, field)]
        assert found.report["good"] == 0

    def test_an_identifier_used_for_something_else_is_refused(self, session, bill):
        make_payment(session, bill, 100, source="bank", source_id="B1")

        found = brought(session, f"{PAYMENTS}B1,{bill.number},2.00,EUR,2026-02-20,,\n")

        assert "other values" in found.report["problems"][0]["sentence"]

    def test_what_changed_in_between_is_shown_anew(self, session, bill):
        found = brought(session, f"{PAYMENTS}B1,{bill.number},1000,EUR,2026-02-20,,\n")
        make_payment(session, bill, 100)

        assert not taken(session, found)
        assert (found.state, found.report["good"]) == (ImportState.PREVIEWED, 0)
        assert count(session, Payment) == 1

    def test_a_file_is_decided_once(self, session, bill):
        found = brought(session, f"{PAYMENTS}B1,{bill.number},1,EUR,2026-02-20,,\n")
        discard(session, found.id, actor=SYSTEM, at=NOON)

        with pytest.raises(AlreadyDecided):
            taken(session, found)


class TestInvoices:
    def test_bills_and_their_credit_notes_come_in_one_file(self, session):
        order = make_order(session)
        rows = f"I1,{order.number},700,EUR,2026-02-20,,\n"
        rows += f"C1,{order.number},50,EUR,2026-02-21,credit note,I1\n"
        found = brought(session, INVOICES + rows, ImportKind.INVOICES)

        assert taken(session, found)
        balance = queries.order_balance(session, order.id)
        assert (balance.invoiced, balance.credited) == (70_000, 5_000)
        note = session.scalars(select(Invoice).where(Invoice.source_id == "C1")).one()
        assert note.number.startswith("CN-2026-")

    def test_never_bill_more_than_the_order(self, session):
        order = make_order(session)
        rows = "".join(f"I{n},{order.number},400,EUR,2026-02-20,,\n" for n in range(3))
        found = brought(session, INVOICES + rows, ImportKind.INVOICES)

        assert (found.report["good"], found.report["problems"][0]["line"]) == (2, 4)

    def test_a_credit_note_names_a_bill_of_its_order(self, session, bill):
        order = make_order(session)
        row = f"C1,{order.number},1,EUR,2026-02-20,credit_note,{bill.number}\n"

        found = brought(session, INVOICES + row, ImportKind.INVOICES)

        assert found.report["problems"][0]["field"] == "corrects"

    def test_sums_tell_bills_from_credit_notes(self, session):
        order = make_order(session)
        bill = make_invoice(session, order)
        row = f"C1,{order.number},1.50,EUR,2026-02-20,credit_note,{bill.number}\n"

        found = brought(session, INVOICES + row, ImportKind.INVOICES)

        assert found.report["totals"] == {"EUR": -Money.of("1.50", "EUR").minor}


def test_a_preview_writes_no_more_than_the_file_itself(session, bill):
    brought(session, f"{PAYMENTS}B1,{bill.number},1,EUR,2026-02-20,,\n", manner=PLAIN)

    assert (count(session, Payment), count(session, Invoice), count(session, Import)) == (0, 1, 1)
