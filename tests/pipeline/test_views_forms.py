"""Forms of the pipeline: what they do, and what they refuse."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.pipeline.models import Opportunity
from app.pipeline.rules import ParticipantState
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_product
from tests.factories.pipeline import make_opportunity

UNKNOWN = str(UUID(int=404))

ACCEPTED, INVITED = ParticipantState.ACCEPTED, ParticipantState.INVITED


class TestForms:
    def test_starts_one_without_a_registration(self, manager, session):
        account = make_account(session, name="Brandt Logistik GmbH")
        data = {
            "title": "Routes",
            "account_id": account.id,
            "amount": "1,250.00",
            "currency": "EUR",
        }

        assert manager.get("/pipeline/new").status_code == 200
        assert manager.post("/pipeline", data=data).status_code == 303

        begun = session.scalars(select(Opportunity)).one()
        assert (begun.amount_minor, begun.customer_name) == (125_000, "Brandt Logistik GmbH")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""), ("title", "x" * 256), ("account_id", ""), ("account_id", "nonsense"),
            ("account_id", UNKNOWN), ("amount", ""), ("amount", "-5"), ("amount", "NaN"),
            ("amount", "1e309"), ("amount", "1.234"), ("currency", "XXZ"), ("currency", ""),
            ("close_on", "2020-01-01"), ("close_on", "31.12.2026"), ("next_step", "x" * 301),
            ("family_id", UNKNOWN), ("owner_id", "x"), ("problem", "x" * 2001),
            ("amount", "99999999999999999"),
        ],
    )  # fmt: skip
    def test_refuses_bad_input_with_a_sentence(self, manager, session, field, value):
        data = {"title": "Routes", "account_id": make_account(session).id, "amount": "10"}
        data |= {"currency": "EUR", field: value}

        assert manager.post("/pipeline", data=data).status_code == 422
        assert session.scalars(select(Opportunity)).all() == []

    def test_shows_both_values_to_whom_was_second(self, manager, session):
        opportunity = make_opportunity(session)
        address = f"/pipeline/{opportunity.id}"
        data = {"title": "First", "amount": "10000", "version": opportunity.version}
        assert manager.get(f"{address}/edit").status_code == 200

        saved = manager.post(address, data=data)
        late = manager.post(address, data={**data, "title": "Second"})

        assert (saved.status_code, late.status_code) == (303, 409)
        assert "Stored now: First" in late.text
        assert "Second" in late.text

    def test_sets_the_lines_and_refuses_stale_ones(self, manager, session):
        opportunity, product = make_opportunity(session), make_product(session)
        address = f"/pipeline/{opportunity.id}/lines"
        data = {"version": opportunity.version, "lines-0-product_id": product.id}
        data |= {"lines-0-quantity": "2", "lines-0-amount": "99.50", "lines-1-product_id": ""}
        assert manager.get(address).status_code == 200

        assert manager.post(address, data=data).status_code == 303
        assert session.get(Opportunity, opportunity.id).amount_minor == 9_950
        late = manager.post(address, data=data)

        assert late.status_code == 409
        assert product.name in late.text

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("quantity", "0"), ("quantity", "-1"), ("quantity", "1.5"), ("quantity", "9" * 30),
            ("quantity", ""), ("amount", "-1"), ("amount", ""), ("amount", "Infinity"),
            ("product_id", "x"), ("product_id", ""), ("product_id", UNKNOWN),
        ],
    )  # fmt: skip
    def test_refuses_lines_that_cannot_be(self, manager, session, field, value):
        opportunity = make_opportunity(session)
        line = {"product_id": make_product(session).id, "quantity": "1", "amount": "1"}
        line[field] = value
        data = {f"lines-0-{name}": entered for name, entered in line.items()}

        answer = manager.post(
            f"/pipeline/{opportunity.id}/lines", data={**data, "version": opportunity.version}
        )

        assert answer.status_code == 422

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("stage", {"stage": "nowhere"}), ("stage", {}), ("stage", {"stage": "launched"}),
            ("stage", {"stage": "closed_lost", "loss_reason": "x"}),
            ("forecast", {"category": "closed", "reason": "x"}), ("forecast", {}),
            ("forecast", {"category": "commit"}), ("participants", {}),
            ("participants", {"partner_id": UNKNOWN, "role": "source"}),
            ("next-step", {"next_step": " "}), ("next-step", {"next_step": "x" * 301}),
            ("internal-notes", {}), ("lines", {"version": "x"}), ("", {"version": "x"}),
        ],
    )  # fmt: skip
    def test_bad_input_is_answered_422(self, manager, session, path, data):
        opportunity = make_opportunity(session)

        answer = manager.post(f"/pipeline/{opportunity.id}/{path}".rstrip("/"), data=data)

        assert answer.status_code == 422

    @pytest.mark.parametrize("path", ["stage", "forecast", "participants/new", "next-step"])
    def test_each_small_form_has_a_page(self, manager, session, path):
        opportunity = make_opportunity(session)

        assert manager.get(f"/pipeline/{opportunity.id}/{path}").status_code == 200

    def test_invites_a_partner(self, manager, session, partner):
        opportunity = make_opportunity(session)
        address = f"/pipeline/{opportunity.id}"
        data = {"partner_id": partner.id, "role": "technical"}

        assert manager.post(f"{address}/participants", data=data).status_code == 303
        assert partner.name in manager.get(address).text
        assert manager.post(f"{address}/participants", data=data).status_code == 409

    def test_forecasts_otherwise(self, manager, session):
        opportunity = make_opportunity(session)
        data = {"category": "commit", "reason": "Verbal yes"}

        assert manager.post(f"/pipeline/{opportunity.id}/forecast", data=data).status_code == 303
        assert "Verbal yes" in manager.get(f"/pipeline/{opportunity.id}").text
