"""Whether a partner has few facts or many, its months hold the same lines."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.incentives import queries, services
from app.incentives.services import changes
from app.partners.models import Partner
from app.revenue import services as revenue
from tests.factories.attribution import credited, make_touch, make_won
from tests.factories.clockwork import NOON
from tests.factories.incentives import component, make_plan
from tests.factories.revenue import entry, make_invoice, make_payment
from tests.incentives.conftest import APRIL, FEBRUARY, MARCH, Sell

pytestmark = pytest.mark.usefixtures("every_line_explains_itself")
MONTHS = (FEBRUARY, MARCH, APRIL)
MARGINAL = {
    "mode": "marginal",
    "reset": "year",
    "brackets": [{"from": "0", "rate": "5%"}, {"from": "900", "rate": "7.125%"}],
}


@pytest.fixture(params=["few", "many"])
def counted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take all facts for few, or for many."""
    monkeypatch.setattr(changes, "MANY", 0 if request.param == "many" else 10**6)


def stored(session: Session, partner: Partner) -> list[tuple[Any, ...]]:
    """Return a partner's lines, month by month, as they are stored."""
    return [
        (each.kind.value, each.event_key.split(":")[0], each.amount_minor, each.revision)
        for period in MONTHS
        for each in queries.accruals_in(session, partner.id, period.start)
    ]


def run(session: Session, partner: Partner, *, again: bool = False) -> None:
    """Calculate the months one after the other."""
    for period in MONTHS:
        at = NOON + timedelta(days=60)
        found = services.calculate_partner(session, partner.id, period, actor=SYSTEM, at=at)
        assert found.is_unchanged or not again


@pytest.mark.usefixtures("counted")
def test_sales_payments_and_refunds_make_the_same_lines(
    session: Session, partner: Partner, sell: Sell
) -> None:
    paid = component(code="paid", basis="collected", timing={"payable": "collection"})
    make_plan(session, component(rates=MARGINAL), paid)
    for place in range(4):
        bill = make_invoice(session, sell(partner, 50_001 + place), on=date(2026, 2, 21))
        make_payment(session, bill, 30_000, on=date(2026, 2, 25))
    revenue.record_refund(
        session, bill.id, entry=entry(9_999, on=date(2026, 3, 1)), actor=SYSTEM, at=NOON
    )

    run(session, partner)
    run(session, partner, again=True)

    assert sorted(stored(session, partner)) == [
        ("clawback", "refund", -1_000, 0),
        ("earned", "order", 2_500, 0),
        ("earned", "order", 2_713, 0),
        ("earned", "order", 3_563, 0),
        ("earned", "order", 3_563, 0),
        *[("earned", "payment", 3_000, 0)] * 4,
    ]


@pytest.mark.usefixtures("counted")
def test_what_changes_about_earlier_months_becomes_the_same_adjustments(
    session: Session, partner: Partner
) -> None:
    make_plan(session, component(applies_to={"route": ["influenced"]}))
    order = make_won(session, 90_000)
    make_touch(session, order.opportunity_id, partner)
    at = NOON + timedelta(days=60)
    for period in MONTHS:
        credited(session, order)
        services.calculate_partner(session, partner.id, period, actor=SYSTEM, at=at)
        make_touch(session, order.opportunity_id)

    assert stored(session, partner) == [
        ("earned", "order", 9_000, 0),
        ("adjustment", "order", -4_500, 1),
        ("adjustment", "order", -1_500, 2),
    ]


@pytest.mark.usefixtures("counted")
def test_a_day_of_payment_that_moves_is_told_of_an_earlier_line(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session, component(timing={"payable": "collection"}))
    order = sell(partner)
    run(session, partner)
    make_payment(session, make_invoice(session, order, on=date(2026, 2, 21)), on=date(2026, 3, 1))

    services.calculate_partner(
        session, partner.id, MARCH, actor=SYSTEM, at=NOON + timedelta(days=60)
    )

    (line,) = queries.accruals_in(session, partner.id, FEBRUARY.start)
    assert (line.payable_on, line.gate) == (date(2026, 3, 1), None)
