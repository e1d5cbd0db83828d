"""Commission lines of partners and periods: made once, corrected by adjustments."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.incentives import queries, services
from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.incentives.services import Calculated
from app.kernel.period import Days
from app.ledger.models import LedgerEntry
from app.partners.models import Partner
from app.revenue import services as revenue
from tests.factories.attribution import credited, make_touch, make_won
from tests.factories.clockwork import NOON
from tests.factories.incentives import component, make_plan, next_version
from tests.factories.partners import make_partner, make_tier
from tests.factories.revenue import entry, make_invoice, make_payment
from tests.incentives.conftest import APRIL, FEBRUARY, MARCH, Sell

pytestmark = pytest.mark.usefixtures("every_line_explains_itself")
COLLECTED = component(basis="collected")
LATER = NOON + timedelta(days=60)


def run(session: Session, partner: Partner, period: Days, at: datetime = LATER) -> Calculated:
    return services.calculate_partner(session, partner.id, period, actor=SYSTEM, at=at)


def amounts(session: Session, partner: Partner, period: Days) -> list[tuple[AccrualKind, int]]:
    rows = queries.accruals_in(session, partner.id, period.start)
    return [(row.kind, row.amount_minor) for row in rows]


def test_a_booked_order_earns_its_commission(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session)
    order = sell(partner, 123_450)
    assert run(session, partner, FEBRUARY) == Calculated(added=1, totals={"EUR": 12_345})
    (row,) = queries.accruals_in(session, partner.id, FEBRUARY.start)
    assert (row.order_number, row.event_key) == (order.number, f"order:{order.number}:sourced")
    assert (row.kind, row.amount_minor, row.base_minor) == (AccrualKind.EARNED, 12_345, 123_450)
    assert row.customer_name


def test_a_second_run_changes_no_row(session: Session, partner: Partner, sell: Sell) -> None:
    make_plan(session, component(timing={"hold_days": 10}))
    sell(partner)
    run(session, partner, FEBRUARY, NOON)
    rows = {row.id: row.calculated_at for row in session.scalars(select(Accrual))}
    again = run(session, partner, FEBRUARY, LATER)
    assert again.is_unchanged
    assert again.totals == {"EUR": 10_000}
    assert rows == {row.id: row.calculated_at for row in session.scalars(select(Accrual))}


def test_a_changed_set_leaves_one_entry_in_the_ledger(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session)
    sell(partner), sell(partner)
    run(session, partner, FEBRUARY)
    run(session, partner, FEBRUARY)
    entries = select(LedgerEntry).where(LedgerEntry.name == "incentives.accrual.earned")
    (found,) = session.scalars(entries.where(LedgerEntry.partner_id == partner.id))
    assert json.loads(found.body)["facts"]["lines"] == 2
    assert json.loads(found.body)["facts"]["totals_minor"] == {"EUR": 20_000}


def test_commission_on_cash_follows_the_cash(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session, COLLECTED)
    bill = make_invoice(session, sell(partner), on=date(2026, 2, 21))
    make_payment(session, bill, 80_000, on=date(2026, 2, 25))
    make_payment(session, bill, 20_000, on=date(2026, 3, 1))
    run(session, partner, FEBRUARY)
    run(session, partner, MARCH)
    assert amounts(session, partner, FEBRUARY) == [(AccrualKind.EARNED, 8_000)]
    assert amounts(session, partner, MARCH) == [(AccrualKind.EARNED, 2_000)]


def test_a_late_fact_becomes_an_adjustment_of_the_open_period(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session)
    sell(partner)
    run(session, partner, FEBRUARY)
    late = sell(partner, 50_000)
    before = amounts(session, partner, FEBRUARY)
    run(session, partner, MARCH)
    assert amounts(session, partner, FEBRUARY) == before
    (row,) = queries.accruals_in(session, partner.id, MARCH.start)
    assert (row.kind, row.amount_minor, row.order_number) == (
        AccrualKind.ADJUSTMENT, 5_000, late.number)  # fmt: skip
    assert run(session, partner, APRIL).totals == {}


def test_credit_that_moves_on_is_taken_back_and_given(session: Session, partner: Partner) -> None:
    make_plan(session, component(applies_to={"route": ["influenced"]}))
    other = make_partner(session)
    order = make_won(session)
    make_touch(session, order.opportunity_id, partner)
    credited(session, order)
    run(session, partner, FEBRUARY)
    make_touch(session, order.opportunity_id, other)
    credited(session, order)
    run(session, partner, MARCH), run(session, other, MARCH)
    (taken,) = queries.accruals_in(session, partner.id, MARCH.start)
    (given,) = queries.accruals_in(session, other.id, MARCH.start)
    assert (taken.amount_minor, given.amount_minor) == (-5_000, 5_000)
    assert taken.corrects_id is not None
    assert (taken.revision, given.revision) == (1, 1)


def test_adjustments_count_up(session: Session, partner: Partner) -> None:
    make_plan(session, component(applies_to={"route": ["influenced"]}))
    order = make_won(session, 90_000)
    make_touch(session, order.opportunity_id, partner)
    for period in (FEBRUARY, MARCH, APRIL):
        credited(session, order)
        run(session, partner, period)
        make_touch(session, order.opportunity_id)
    found = [row.amount_minor for row in queries.accruals_of_partner(session, partner.id)]
    assert found == [9_000, -4_500, -1_500]


def test_a_refund_takes_back_once_though_the_partner_has_two_classes(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session, COLLECTED)
    order = sell(partner)
    make_touch(session, order.opportunity_id, partner)
    credited(session, order)
    bill = make_invoice(session, order, on=date(2026, 2, 21))
    make_payment(session, bill, on=date(2026, 2, 25))
    revenue.record_refund(
        session, bill.id, entry=entry(30_000, on=date(2026, 3, 1)), actor=SYSTEM, at=NOON
    )
    run(session, partner, FEBRUARY), run(session, partner, MARCH)
    assert amounts(session, partner, FEBRUARY) == [(AccrualKind.EARNED, 10_000)]
    assert amounts(session, partner, MARCH) == [(AccrualKind.CLAWBACK, -3_000)]


def test_money_is_payable_only_when_all_classes_alike_are_paid_in_full(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session, component(timing={"payable": "collection"}))
    order = sell(partner)
    make_touch(session, order.opportunity_id, partner)
    credited(session, order)
    make_payment(session, make_invoice(session, order, on=date(2026, 2, 21)), 50_000)
    run(session, partner, FEBRUARY)
    (row,) = queries.accruals_in(session, partner.id, FEBRUARY.start)
    assert row.payable_on is None
    assert row.gate is not None
    assert row.gate["code"] == "awaiting_collection"


def test_the_tier_of_the_day_decides(session: Session, sell: Sell) -> None:
    gold = make_tier(session, code="gold")
    partner, other = make_partner(session, gold), make_partner(session)
    make_plan(session, component(applies_to={"all": [{"tier": ["gold"]}, {"route": ["sourced"]}]}))
    order = sell(other)
    sell(partner)
    assert run(session, partner, FEBRUARY).totals == {"EUR": 10_000}
    assert run(session, other, FEBRUARY).totals == {}
    reasons = queries.why(session, order.number, other.id, at=LATER).nothing
    assert [reason.code for reason in reasons] == ["applies_to"]
    assert "tier is gold" in reasons[0].words


def test_a_superseded_version_still_pays_for_its_days(
    session: Session, partner: Partner, sell: Sell
) -> None:
    first = make_plan(session)
    sell(partner)
    twenty = component(rates={"mode": "flat", "rate": "20%"})
    next_version(session, first, date(2026, 3, 1), twenty)
    assert run(session, partner, FEBRUARY).totals == {"EUR": 10_000}


def test_a_cap_that_partners_share_is_the_same_whoever_is_calculated_first(
    session: Session, sell: Sell
) -> None:
    make_plan(session, component(caps=[{"per": "plan", "period": "lifetime", "limit": "150.00"}]))
    first, second = make_partner(session), make_partner(session)
    sell(first), sell(second)
    one = run(session, second, FEBRUARY).totals.get("EUR", 0)
    two = run(session, first, FEBRUARY).totals.get("EUR", 0)
    assert one + two == 15_000


def test_one_partner_at_a_time_gives_what_all_at_once_give(session: Session, sell: Sell) -> None:
    make_plan(session, component(rates={"mode": "marginal", "reset": "year", "brackets": [
        {"from": "0", "rate": "5%"}, {"from": "1500", "rate": "7.5%"}]}))  # fmt: skip
    partners = [make_partner(session) for _ in range(3)]
    for place, partner in enumerate(partners * 2):
        sell(partner, 100_001 + place)
    one_by_one = {each.id: run(session, each, FEBRUARY).totals for each in partners}
    again = services.recalculate(session, FEBRUARY, actor=SYSTEM, at=LATER)
    assert {key: again[key].totals for key in one_by_one} == one_by_one
    assert all(found.is_unchanged for found in again.values())


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amount=st.integers(4, 10**9),
    count=st.integers(1, 5),
    paid=st.lists(st.integers(1, 100), min_size=1, max_size=3),
)
def test_what_partners_are_credited_adds_up_to_each_event(
    session: Session, amount: int, count: int, paid: list[int]
) -> None:
    order = make_won(session, amount)
    partners = {make_touch(session, order.opportunity_id).partner_id for _ in range(count)}
    bill = make_invoice(session, credited(session, order))
    for part in paid:
        make_payment(session, bill, max(1, amount * part // 400))
    found: dict[str, Any] = {}
    for event in queries.facts(session, partners, date(2027, 1, 1), LATER).events:
        found.setdefault(event.key, []).append((event.credited_minor, event.minor))
    assert found
    assert all(sum(part for part, _ in parts) == parts[0][1] for parts in found.values())
