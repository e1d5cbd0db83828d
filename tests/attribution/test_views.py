"""Pages of attribution."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.rules import Role
from app.attribution import queries
from app.attribution.rules import CreditClass
from app.partners.models import Partner
from tests.factories.attribution import credited, make_touch, make_won
from tests.factories.identity import make_user
from tests.factories.pipeline import make_participant

SignIn = Callable[..., Any]
STANDARD = {"code": "standard", "title": "Standard", "classes": {"influenced": {"model": "first"}}}


@pytest.fixture
def finance_page(session: Session, sign_in: SignIn) -> Any:
    return sign_in(make_user(session, Role.FINANCE))


def _publish(client: Any, text: str) -> Any:
    return client.post("/attribution/policies", data={"document": text})


def test_the_page_says_the_policy_in_words_and_compares_models(
    session: Session, finance_page: Any
) -> None:
    order = make_won(session)
    touch = make_touch(session, order.opportunity_id)
    credited(session, order)
    answer = finance_page.get("/attribution")
    assert answer.status_code == 200
    assert "evenly to every touch before the win" in answer.text
    assert session.get_one(Partner, touch.partner_id).name in answer.text


def test_the_next_version_is_published(session: Session, finance_page: Any) -> None:
    assert finance_page.get("/attribution/policies/new").status_code == 200
    assert _publish(finance_page, json.dumps(STANDARD)).status_code == 303
    latest = queries.latest_policy(session)
    assert latest is not None
    assert latest.document == STANDARD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "A document is needed"),
        ("{", "cannot be read from line 1"),
        ('{"code": NaN}', "NaN is not a number"),
        ("3", "An object with named values is needed"),
        (json.dumps({**STANDARD, "code": "other"}), "The policy is called"),
        (json.dumps({**STANDARD, "classes": {"sold": {}}}), "classes: “sold” is not known"),
        (json.dumps({**STANDARD, "title": "\x00"}), "a character that no text may have"),
        ("[" * 50_000, "nested too deeply"),
        ('{"a": 1, "a": 2}', "given twice"),
    ],
)
def test_a_bad_policy_is_refused_in_a_sentence(finance_page: Any, text: str, words: str) -> None:
    answer = _publish(finance_page, text)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_credits_of_an_order_stand_with_their_reasons(
    session: Session, finance_page: Any
) -> None:
    order = make_won(session)
    make_touch(session, order.opportunity_id)
    credited(session, order)
    answer = finance_page.get(f"/attribution/orders/{order.id}")
    assert answer.status_code == 200
    assert 'id="credits"' in answer.text
    assert "Influenced by even split" in answer.text


def test_a_partner_logs_a_touch_on_its_own_opportunity(session: Session, sign_in: SignIn) -> None:
    order = credited(session, make_won(session))
    order_id, opportunity_id = order.id, order.opportunity_id
    part = make_participant(session, order.opportunity)
    partner_id = part.partner_id
    client = sign_in(make_user(session, Role.PARTNER_MEMBER, partner_id=partner_id))
    assert client.get(f"/attribution/opportunities/{opportunity_id}").status_code == 200
    said = {"partner_id": partner_id, "kind": "demo", "on": "2026-02-10", "evidence": "On site"}
    answer = client.post(f"/opportunities/{opportunity_id}/touches", data=said)
    assert answer.status_code == 303
    rows = queries.credits_of_order(session, order_id)
    (row,) = [row for row in rows if row.credit_class is CreditClass.INFLUENCED]
    assert row.partner_id == partner_id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on": "2030-01-01"}, "it cannot have helped"),
        ({"on": "yesterday"}, "year-month-day"),
        ({"kind": "registration"}, "Choose one of the list"),
        ({"partner_id": "nobody"}, "Choose one of the list"),
        ({"evidence": ""}, "Say how one can tell"),
    ],
)
def test_a_touch_that_says_too_little_is_refused(
    session: Session, sign_in: SignIn, change: dict[str, str], words: str
) -> None:
    order = make_won(session)
    touch = make_touch(session, order.opportunity_id)
    client = sign_in(make_user(session, Role.CHANNEL_MANAGER))
    said = {"partner_id": touch.partner_id, "kind": "demo", "on": "2026-02-10", "evidence": "x"}
    url = f"/opportunities/{order.opportunity_id}/touches"
    answer = client.post(url, data={**said, **change})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_stranger_finds_nothing(session: Session, sign_in: SignIn) -> None:
    order = make_won(session)
    opportunity_id, order_id = order.opportunity_id, order.id
    client = sign_in(make_user(session, Role.PARTNER_MEMBER))
    assert client.get(f"/attribution/opportunities/{opportunity_id}").status_code == 404
    assert client.post(f"/opportunities/{opportunity_id}/touches").status_code == 404
    assert client.get(f"/attribution/orders/{order_id}").status_code == 404
    assert client.get("/attribution").status_code == 404
