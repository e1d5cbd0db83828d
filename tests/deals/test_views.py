"""The pages of registrations, as a partner and a manager use them."""

import re
from uuid import UUID

import pytest
from sqlalchemy import event

from app.catalogue.models import Product
from app.deals.models import Registration
from app.deals.rules import DealState
from app.kernel.clock import now
from tests.factories.deals import content, make_deal, make_scene


class TestPages:
    @pytest.mark.parametrize("state", list(DealState))
    def test_shows_a_registration_in_every_state(self, partner, scene, session, state):
        deal = make_deal(session, state, scene=scene)

        answer = partner.get(f"/deals/{deal.id}")

        assert answer.status_code == 200
        assert deal.customer_name in answer.text

    @pytest.mark.parametrize("state", [s for s in DealState if s is not DealState.DRAFT])
    def test_shows_the_vendor_every_submitted_state(self, vendor, session, state):
        deal = make_deal(session, state)

        assert vendor.get(f"/deals/{deal.id}").status_code == 200
        assert vendor.get(f"/review/{deal.id}").status_code == 200

    @pytest.mark.parametrize(
        "path", ["", "/edit", "/receipt", "/receipt.json", f"/files/{UUID(int=404)}"]
    )
    def test_what_is_foreign_answers_as_what_is_not_there(self, partner, session, path):
        foreign = make_deal(session, DealState.SUBMITTED)

        theirs = partner.get(f"/deals/{foreign.id}{path}")
        nothing = partner.get(f"/deals/{UUID(int=404)}{path}")

        assert (theirs.status_code, nothing.status_code) == (404, 404)
        assert _still(theirs.text) == _still(nothing.text)

    @pytest.mark.parametrize(
        "path", ["removal", "submission", "withdrawal", "edit", "appeal", "extension", "files"]
    )
    def test_what_is_foreign_cannot_be_acted_on(self, partner, session, path):
        foreign = make_deal(session, DealState.SUBMITTED)

        answer = partner.post(f"/deals/{foreign.id}/{path}", data={})

        assert answer.status_code == 404

    def test_the_vendor_sees_no_drafts(self, vendor, session):
        deal = make_deal(session)

        assert vendor.get(f"/deals/{deal.id}").status_code == 404

    def test_lists_filters_and_searches(self, partner, scene, session):
        deal = make_deal(session, DealState.SUBMITTED, scene=scene)
        other = make_deal(session, scene=scene)

        answer = partner.get("/deals", query_string={"state": "submitted", "q": deal.number})

        assert deal.customer_name in answer.text
        assert other.customer_name not in answer.text

    @pytest.mark.parametrize(
        "query",
        ["sort=-amount", "sort=x", "page=0", "page=x", "state=x", "q=%25", "page=99999999999999"],
    )
    def test_takes_any_query(self, partner, scene, session, query):
        make_deal(session, scene=scene)

        assert partner.get(f"/deals?{query}").status_code == 200

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_exports_what_is_shown(self, partner, scene, session, kind):
        make_deal(session, DealState.SUBMITTED, scene=scene)

        answer = partner.get(f"/deals/export.{kind}?state=submitted")

        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.fixture
def queries_made(session):
    """The statements that were sent to the database."""
    sent = []
    connection = session.connection()

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


class TestCost:
    @pytest.mark.parametrize("path", ["/deals", "/deals/{}", "/deals/{}/receipt", "/deals/new"])
    def test_a_page_of_a_partner_takes_few_queries(
        self, partner, scene, session, queries_made, path
    ):
        deal = make_deal(session, DealState.APPROVED, scene=scene)
        queries_made.clear()

        assert partner.get(path.format(deal.id)).status_code == 200
        assert len([one for one in queries_made if one.startswith("SELECT")]) <= 12

    @pytest.mark.parametrize("path", ["/review", "/review/{}", "/deals/{}"])
    def test_a_page_of_the_vendor_takes_few_queries(self, vendor, session, queries_made, path):
        deal = make_deal(session, DealState.IN_REVIEW)
        queries_made.clear()

        assert vendor.get(path.format(deal.id)).status_code == 200
        assert len([one for one in queries_made if one.startswith("SELECT")]) <= 12


class TestReview:
    def test_lists_what_waits(self, vendor, session):
        deal = make_deal(session, DealState.SUBMITTED)

        answer = vendor.get("/review?whose=all")

        assert deal.number in answer.text

    def test_approves_what_was_taken_up(self, vendor, session):
        deal = make_deal(session, DealState.SUBMITTED)

        vendor.post(f"/deals/{deal.id}/review")
        answer = vendor.post(f"/deals/{deal.id}/approval", data={"approval_note": "Good."})

        assert answer.status_code == 303
        assert session.get(Registration, deal.id).state is DealState.APPROVED

    @pytest.mark.parametrize(
        ("act", "said"),
        [("rejection", "Give the partner a reason."), ("return", "Say what you need")],
    )
    def test_wants_a_reason(self, vendor, session, act, said):
        deal = make_deal(session, DealState.IN_REVIEW)

        answer = vendor.post(f"/deals/{deal.id}/{act}", data={})

        assert answer.status_code == 422
        assert said in answer.text

    def test_tells_the_second_manager_who_was_first(self, vendor, session):
        first = make_deal(session, DealState.APPROVED, at=now())
        said = _same_customer(first)
        scene = make_scene(session, product=_product(session, first))
        second = make_deal(session, DealState.IN_REVIEW, scene=scene, said=said(scene.product))

        answer = vendor.post(f"/deals/{second.id}/approval", data={})

        assert answer.status_code == 409
        assert first.number in answer.text


def _product(session, deal):
    return session.query(Product).filter_by(family_id=deal.family_id).first()


def _same_customer(deal):
    return lambda product: content(
        product, customer_name=deal.customer_name, customer_domain=deal.customer_domain
    )


def _still(text):
    """Return the page without what differs between two requests."""
    return re.sub(r'value="[^"]*"|[0-9a-f]{12,}|[0-9a-f-]{36}', "", text)
