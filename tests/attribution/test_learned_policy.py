"""A policy whose weights were learned, from its publication to an order's credits and the page."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Role
from app.attribution import queries, services
from app.attribution.rules import CreditClass, TouchKind
from tests.factories.attribution import credited, make_touch, make_won
from tests.factories.clockwork import NOON
from tests.factories.identity import make_user

LEARNED = {
    "code": "standard",
    "title": "Learned",
    "classes": {
        "influenced": {
            "model": "markov",
            "order": 2,
            "weights": {"demo": "0.6", "workshop": "0.2"},
            "learned": {"won": 12, "lost": 8, "until": "2026-01-01"},
        }
    },
}


def test_an_order_is_credited_by_learned_weights_and_says_so(
    session: Session, sign_in: Callable[..., Any]
) -> None:
    services.publish_policy(session, LEARNED, actor=SYSTEM, at=NOON)
    order = make_won(session)
    demo = make_touch(session, order.opportunity_id, kind=TouchKind.DEMO)
    make_touch(session, order.opportunity_id, kind=TouchKind.WORKSHOP)
    credited(session, order)

    rows = queries.credits_of_order(session, order.id)
    page = sign_in(make_user(session, Role.FINANCE)).get("/attribution")

    influenced = [row for row in rows if row.credit_class is CreditClass.INFLUENCED]
    assert [row.minor for row in influenced] == [75_000, 25_000]
    assert influenced[0].partner_id == demo.partner_id
    assert "removal effect of kind demo 60 %" in influenced[0].because
    assert "learned from 12 won and 8 lost journeys closed before 1 Jan 2026" in page.text
