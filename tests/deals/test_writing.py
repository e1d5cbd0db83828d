"""The form of a registration, and its pre-check."""

from uuid import UUID

import pytest

from app.deals.models import Registration
from app.deals.rules import DealState
from app.kernel.clock import now
from app.kernel.ids import new_id
from tests.factories.catalogue import make_product
from tests.factories.deals import content, make_deal


def filled(product, **over):
    """Return the fields of a form that can be submitted."""
    said = content(product)
    fields = {
        name: getattr(said, name)
        for name in (
            "title", "customer_name", "customer_domain", "customer_country", "customer_city",
            "contact_name", "contact_email", "problem", "currency",
        )
    }  # fmt: skip
    fields |= {
        "version": "0", "draft_id": str(new_id()), "idempotency_key": new_id().hex,
        "consent_basis": "consent", "deal_type": "new_business", "source": "event",
        "delivery_model": "resale", "expected_close_on": "2030-09-30", "act": "submit",
        "lines-0-product": str(product.id), "lines-0-quantity": "2", "lines-0-amount": "480.00",
        "lines-1-product": "", "lines-1-quantity": "", "lines-1-amount": "",
    }  # fmt: skip
    return {**fields, **over}


class TestRegister:
    def test_shows_the_form(self, partner, scene):
        answer = partner.get("/deals/new")

        assert answer.status_code == 200
        assert scene.product.name in answer.text

    def test_submits_from_one_page_and_gives_a_receipt(self, partner, scene, session):
        answer = partner.post("/deals/new", data=filled(scene.product), follow_redirects=True)

        deal = session.query(Registration).one()
        assert answer.status_code == 200
        assert deal.number in answer.text
        assert deal.content_digest in answer.text
        assert deal.state is DealState.SUBMITTED
        assert deal.amount_minor == 48000

    def test_the_same_form_sent_twice_registers_once(self, partner, scene, session):
        form = filled(scene.product)

        first, second = partner.post("/deals/new", data=form), partner.post("/deals/new", data=form)

        assert (first.status_code, second.location) == (303, first.location)
        assert session.query(Registration).count() == 1

    def test_a_draft_needs_a_title_and_a_customer(self, partner, session):
        fields = {"title": "T", "customer_name": "C", "currency": "EUR", "version": "0"}

        answer = partner.post("/deals/new", data={**fields, "act": "save"})

        assert answer.status_code == 303
        assert session.query(Registration).one().state is DealState.DRAFT

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("title", "", "Give the deal a title."),
            ("title", "x" * 256, "At most 255 characters."),
            ("customer_name", "\0 ", "Name the company."),
            ("customer_country", "XX", "Choose one of the list."),
            ("customer_domain", "no domain", "Give a website"),
            ("customer_duns", "12", "A DUNS number has nine digits."),
            ("contact_email", "nobody", "Give an e-mail address"),
            ("problem", "short", "at least 20 characters"),
            ("currency", "ZZZ", "Choose one of the list."),
            ("expected_close_on", "2020-01-01", "lies in the past"),
            ("expected_close_on", "soon", "year-month-day"),
            ("help_wanted", "money", "Choose from the list."),
            ("lines-0-product", "", "Choose a product."),
            ("lines-0-product", str(UUID(int=404)), "Choose one of the list."),
            ("lines-0-quantity", "-1", "Give a whole number"),
            ("lines-0-quantity", "99999999999", "Give a whole number"),
            ("lines-0-amount", "NaN", "Give an amount such as"),
            ("lines-0-amount", "-5", "Give an amount such as"),
            ("lines-0-amount", "1e309", "Give an amount such as"),
            ("lines-0-amount", "0", "above zero"),
            ("consent_basis", "", "on what ground"),
        ],
    )
    def test_answers_bad_input_beside_its_field(self, partner, scene, session, field, value, said):
        answer = partner.post("/deals/new", data=filled(scene.product, **{field: value}))

        assert answer.status_code == 422
        assert said in answer.text
        assert session.query(Registration).count() == 0

    def test_offers_more_rows_without_a_script(self, partner, scene):
        answer = partner.post("/deals/new", data=filled(scene.product, act="rows"))

        assert answer.status_code == 200
        assert "lines-4-product" in answer.text

    def test_keeps_a_draft_as_it_is_typed(self, partner, scene, session):
        draft = new_id()
        form = {**filled(scene.product), "idempotency_key": ""}

        first = partner.post(f"/deals/{draft}/draft", data=form)
        second = partner.post(
            f"/deals/{draft}/draft", data={**form, "version": first.json["version"]}
        )

        assert (first.status_code, second.status_code) == (200, 200)
        assert session.query(Registration).one().id == draft

    def test_refuses_two_families_at_once(self, partner, scene, session):
        other = make_product(session)
        more = {"lines-1-product": str(other.id), "lines-1-quantity": "1", "lines-1-amount": "5"}

        answer = partner.post("/deals/new", data=filled(scene.product, **more))

        assert answer.status_code == 422
        assert "one family at a time" in answer.text


class TestPreCheck:
    def test_says_free_for_a_stranger(self, partner):
        answer = partner.post("/deals/pre-check", data={"customer_name": "Nowhere Ltd"})

        assert "Nobody claims this customer" in answer.text

    def test_says_protected_and_not_for_whom(self, partner, session):
        rival = make_deal(session, DealState.APPROVED, at=now())
        fields = {"customer_name": rival.customer_name, "customer_domain": rival.customer_domain}

        answer = partner.post("/deals/pre-check", data={**fields, "customer_country": "DE"})

        assert "protected" in answer.text
        assert rival.number not in answer.text

    def test_works_as_a_button_of_the_form(self, partner, scene):
        answer = partner.post("/deals/new", data=filled(scene.product, act="check"))

        assert answer.status_code == 200
        assert "Nobody claims this customer" in answer.text

    def test_is_limited_against_probing(self, partner):
        answers = [
            partner.post("/deals/pre-check", data={"customer_name": f"C{n}"}).status_code
            for n in range(31)
        ]

        assert answers[-2:] == [200, 429]
