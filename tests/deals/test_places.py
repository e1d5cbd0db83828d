"""Registrations on the page of a partner and of a customer."""

from uuid import UUID

import pytest

from app.deals.rules import DealState
from tests.factories.deals import make_deal, make_scene

HTMX = {"HX-Request": "true"}


def test_a_partner_page_gets_its_latest_registrations(vendor, scene, session):
    own = make_deal(session, DealState.SUBMITTED, scene=scene)
    other = make_deal(session, DealState.SUBMITTED)

    text = vendor.get(f"/partners/{scene.partner_id}/deals", headers=HTMX).text

    assert f'href="/deals/{own.id}"' in text
    assert str(other.id) not in text
    assert "<html" not in text


def test_the_vendor_sees_no_drafts_there(vendor, scene, session):
    make_deal(session, DealState.DRAFT, scene=scene)

    assert "not registered a deal yet" in vendor.get(f"/partners/{scene.partner_id}/deals").text


def test_a_link_without_script_leads_to_a_whole_page(partner, scene, session):
    make_deal(session, DealState.SUBMITTED, scene=scene)

    answer = partner.get(f"/partners/{scene.partner_id}/deals")

    assert (answer.status_code, "<html" in answer.text) == (200, True)


def test_a_foreign_partner_answers_as_none(partner, session):
    foreign = make_scene(session).partner_id

    for partner_id in (foreign, UUID(int=404)):
        assert partner.get(f"/partners/{partner_id}/deals").status_code == 404


def test_an_account_page_gets_the_registrations_of_the_customer(vendor, session):
    deal = make_deal(session, DealState.APPROVED)

    assert f"/accounts/{deal.account_id}/deals" in vendor.get(f"/accounts/{deal.account_id}").text
    text = vendor.get(f"/accounts/{deal.account_id}/deals", headers=HTMX).text
    assert deal.number in text


@pytest.mark.parametrize("path", ["deals", "pipeline"])
def test_a_partner_asks_for_no_account(partner, session, path):
    deal = make_deal(session, DealState.APPROVED)

    assert partner.get(f"/accounts/{deal.account_id}/{path}").status_code == 404
