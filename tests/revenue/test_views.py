"""Pages of orders and invoices."""

import pytest
from sqlalchemy import event

from app.access.rules import Role
from app.kernel.clock import today
from app.pipeline.rules import Stage
from app.revenue import queries
from app.revenue.models import Invoice, LegalEntity, Order, Payment
from tests.factories.pipeline import make_opportunity
from tests.factories.revenue import make_entity, make_invoice, make_order, make_payment


@pytest.fixture
def finance(sign_in, user):
    return sign_in(user(Role.FINANCE))


def paper(amount="100.00", **over):
    return {"amount": amount, "on": "2026-02-20", **over}


class TestBooking:
    def test_a_win_becomes_an_order(self, session, finance):
        entity = make_entity(session)
        won = make_opportunity(session, stage=Stage.LAUNCHED, lines=[5000])
        shown = finance.get(f"/opportunities/{won.id}/order")
        data = {"on": "2026-02-20", "entity_id": entity.id, "customer_reference": "PO 7"}

        answer = finance.post(f"/opportunities/{won.id}/order", data=data)

        order = session.query(Order).filter_by(opportunity_id=won.id).one()
        assert "50.00" in shown.text
        assert answer.location == f"/orders/{order.id}"
        assert finance.get(answer.location).status_code == 200
        assert finance.get(f"/opportunities/{won.id}/order").location == answer.location

    @pytest.mark.parametrize(
        "over",
        [{"on": ""}, {"on": "2199-01-01"}, {"entity_id": "x"}, {"customer_reference": "x" * 65}],
    )
    def test_bad_input_is_refused_beside_its_field(self, session, finance, over):
        entity = make_entity(session)
        won = make_opportunity(session, stage=Stage.LAUNCHED, lines=[5000])
        data = {"on": "2026-02-20", "entity_id": entity.id, **over}

        answer = finance.post(f"/opportunities/{won.id}/order", data=data)

        assert answer.status_code == 422
        assert f'id="error-{next(iter(over))}"' in answer.text

    def test_an_open_opportunity_is_not_booked(self, session, finance):
        won = make_opportunity(session)

        assert finance.get(f"/opportunities/{won.id}/order").status_code == 409


class TestPapers:
    def test_an_order_is_billed_paid_credited_and_refunded(self, session, finance):
        order = make_order(session)
        finance.post(f"/orders/{order.id}/invoices", data=paper("1000.00"))
        bill = session.query(Invoice).filter_by(order_id=order.id).one()

        finance.post(f"/invoices/{bill.id}/payment", data=paper("600.00", reference="R 1"))
        finance.post(f"/invoices/{bill.id}/credit-note", data=paper("100.00"))
        finance.post(f"/invoices/{bill.id}/refund", data=paper("50.00"))

        balance = queries.order_balance(session, order.id)
        assert (balance.billed, balance.collected, balance.unpaid) == (90_000, 55_000, 35_000)
        assert finance.get(f"/invoices/{bill.id}").status_code == 200
        assert "EUR" in finance.get(f"/orders/{order.id}").text

    @pytest.mark.parametrize("path", ["payment", "credit-note", "refund"])
    @pytest.mark.parametrize(
        "data",
        [paper("1000.01"), paper("0"), paper("-5"), paper("NaN"), paper("1e309"), paper(""),
         paper("1.234"), paper(on="2026-01-01"), paper(on="2199-01-01"), paper(on="soon")],
    )  # fmt: skip
    def test_bad_input_is_refused(self, session, finance, path, data):
        bill = make_invoice(session, make_order(session))
        make_payment(session, bill, 500)

        answer = finance.post(f"/invoices/{bill.id}/{path}", data=data)

        assert answer.status_code == 422
        assert session.query(Payment).filter_by(invoice_id=bill.id).count() == 1

    def test_more_than_the_order_is_not_billed(self, session, finance):
        order = make_order(session)

        answer = finance.post(f"/orders/{order.id}/invoices", data=paper("1000.01"))

        assert answer.status_code == 422
        assert "Only EUR 1,000.00 is left to bill on this order." in answer.text

    def test_the_same_form_sent_twice_pays_once(self, session, finance):
        bill = make_invoice(session, make_order(session))
        data = paper("10.00", idempotency_key="a" * 32)

        first, second = (finance.post(f"/invoices/{bill.id}/payment", data=data) for _ in "12")

        assert first.location == second.location
        assert session.query(Payment).filter_by(invoice_id=bill.id).count() == 1

    def test_forms_are_filled_with_what_is_left(self, session, finance):
        bill = make_invoice(session, make_order(session))
        make_payment(session, bill, 30_050)

        assert 'value="699.50"' in finance.get(f"/invoices/{bill.id}/payment").text
        assert 'value="300.50"' in finance.get(f"/invoices/{bill.id}/refund").text


class TestLists:
    @pytest.mark.parametrize("view", ["all", "unbilled", "unpaid", "settled", "nonsense"])
    def test_orders_are_shown_in_every_view(self, session, finance, view):
        make_invoice(session, make_order(session), 400)

        assert finance.get(f"/orders?view={view}&sort=-account&month=2026-02").status_code == 200

    def test_orders_are_found_by_number(self, session, finance):
        order, other = make_order(session), make_order(session)

        text = finance.get(f"/orders?q={order.number}").text

        assert order.number in text
        assert other.number not in text

    @pytest.mark.parametrize("view", ["all", "unpaid", "overdue", "credit_notes"])
    def test_invoices_are_shown_in_every_view(self, session, finance, view):
        bill = make_invoice(session, make_order(session))

        text = finance.get(f"/invoices?view={view}").text

        shown = {"all", "unpaid", *(["overdue"] if bill.due_on < today() else [])}
        assert (bill.number in text) == (view in shown)

    @pytest.mark.parametrize("path", ["orders.csv", "orders.xlsx", "invoices.csv", "invoices.xlsx"])
    def test_are_files_too(self, session, finance, path):
        make_invoice(session, make_order(session))

        answer = finance.get(f"/{path}")

        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{path}"'

    def test_strange_addresses_do_no_harm(self, session, finance):
        strange = "q=%25&month=2026-99&sort=;drop&page=999999999999&currency=zz"

        assert finance.get(f"/orders?{strange}").status_code == 200

    @pytest.mark.parametrize("role", [Role.PARTNER_MEMBER, Role.PARTNER_ADMIN])
    def test_partners_find_nothing(self, session, sign_in, user, role):
        order = make_order(session)
        client = sign_in(user(role))

        for path in ("/orders", f"/orders/{order.id}", "/invoices", "/imports", "/orders.csv"):
            assert client.get(path).status_code == 404


class TestSpeed:
    @pytest.mark.parametrize("path", ["/orders", "/invoices", "/imports", "/orders/{order}",
                                      "/invoices/{bill}", "/catalogue"])  # fmt: skip
    def test_a_page_asks_at_most_twelve_questions(self, session, finance, path):
        order = make_order(session, 100, 200, 300)
        bill = make_invoice(session, order)
        make_payment(session, bill)
        statements: list[str] = []

        def note(*about: object) -> None:
            statements.append(str(about[2]))

        event.listen(session.connection(), "before_cursor_execute", note)
        assert finance.get(path.format(order=order.id, bill=bill.id)).status_code == 200

        asked = [s for s in statements if s.startswith("SELECT") and "set_config" not in s]
        assert len(asked) <= 12, "\n".join(asked)


class TestEntities:
    def test_are_added(self, session, finance):
        data = {"code": "NWG", "name": "Northwind", "country": "DE", "currency": "EUR"}

        assert finance.post("/legal-entities", data=data).status_code == 303
        assert session.query(LegalEntity).filter_by(code="NWG").one().name == "Northwind"
        assert finance.post("/legal-entities", data=data).status_code == 422
