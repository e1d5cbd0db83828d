"""Commission month by month: calculated, reviewed, approved by the other, issued, paid, closed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, union

from app.access.rules import Role
from app.attribution.models import AttributionRun, Credit
from app.cli.demo import objections
from app.cli.demo.agenda import moment
from app.cli.demo.library import SKILL
from app.cli.demo.world import MONTHS, World
from app.enablement.models import Certificate
from app.kernel.period import add_months
from app.revenue.models import Invoice, Payment
from app.statements import services
from app.statements.models import CommissionPeriod, Payout
from app.statements.rules import PayoutState, PeriodState

FAILS_IN = 7
"""The month in which the bank sends one payout back."""
_CLOSED, _LAST_MOMENT = MONTHS - 1, timedelta(minutes=90)


def plan(world: World) -> None:
    """Open each month on its first day, and settle it in the first half of the next one."""
    for number in range(MONTHS + 1):
        start = add_months(world.first, number)
        world.plan(min(moment(start, 7), world.end - 2 * _LAST_MOMENT), open_month, start)
        if number < MONTHS:
            third = moment(add_months(start, 1), 9) + timedelta(days=2)
            world.plan(min(third, world.end - _LAST_MOMENT), calculate, start, number)


def open_month(world: World, at: datetime, start: date) -> None:
    """Open a commission period."""
    made = services.open_period(world.session, start, actor=world.one_of(Role.FINANCE, 1), at=at)
    world.periods[start] = made.id


def calculate(world: World, at: datetime, start: date, number: int) -> None:
    """Have one of finance calculate the month and hand it to the other."""
    period_id = world.periods[start]
    second = world.one_of(Role.FINANCE, 1)
    world.session.get_one(CommissionPeriod, period_id).calculated_by = second.user_id
    for partner_id in _touched(world, start):
        services.calculate_one(world.session, period_id, partner_id, at=at)
    world.calculated_at = at
    world.session.flush()
    services.finish_calculation(world.session, period_id, at=at)
    world.session.flush()
    review = at + timedelta(minutes=50)
    services.send_to_review(world.session, period_id, actor=second, at=review,
                            note="Totals compared with the month before.")  # fmt: skip
    if number < _CLOSED:
        world.plan(at + timedelta(days=2), approve, start, number)


def _touched(world: World, start: date) -> Sequence[UUID]:
    """Return the partners about whose orders something is new; a full run finds the same lines.

    New is what was recorded since the last calculation, or dated into the month before it ran; and
    whoever holds what a plan watches may have lost it.
    """
    since = min(world.calculated_at, moment(start, 0))
    is_new = or_(
        AttributionRun.run_at > since, Invoice.created_at > since, Payment.created_at > since
    )
    lost = select(Certificate.partner_id).where(
        Certificate.subject == SKILL, Certificate.valid_until > since.date()
    )
    credited = (
        select(Credit.partner_id)
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .outerjoin(Invoice, Invoice.order_id == Credit.order_id)
        .outerjoin(Payment, Payment.invoice_id == Invoice.id)
        .where(Credit.partner_id.is_not(None), is_new)
    )
    return sorted(filter(None, world.session.scalars(union(credited, lost))))


def approve(world: World, at: datetime, start: date, number: int) -> None:
    """Have the other approve it; statements are issued and payouts proposed the day after."""
    period_id, first = world.periods[start], world.one_of(Role.FINANCE)
    services.approve(world.session, period_id, actor=first, at=at)
    world.session.flush()
    services.issue_now(world.session, period_id, at=at + timedelta(minutes=3))
    world.plan(at + timedelta(days=1), propose, start, number)
    objections.plan(world, at, period_id, number)


def propose(world: World, at: datetime, start: date, number: int) -> None:
    """Propose payouts, have the other approve and export them."""
    period_id = world.periods[start]
    made = services.pay(world.session, period_id, actor=world.one_of(Role.FINANCE, 1), at=at)
    if made:
        later = at + timedelta(hours=3)
        first = world.one_of(Role.FINANCE)
        services.approve_payouts(world.session, period_id, actor=first, at=later)
        world.session.flush()
        services.export_payouts(world.session, period_id, actor=first, at=later)
        if number == FAILS_IN:
            world.plan(at + timedelta(days=2), fail, made[0].id)
    world.plan(at + timedelta(days=4), settle, start)


def fail(world: World, at: datetime, payout_id: UUID) -> None:
    """Have the bank send one payout back, and issue it again."""
    second, first = world.one_of(Role.FINANCE, 1), world.one_of(Role.FINANCE)
    session = world.session
    if session.get_one(Payout, payout_id).state is not PayoutState.EXPORTED:
        return
    services.fail_payout(session, payout_id, reason="AC04: the account is closed.",
                         actor=second, at=at)  # fmt: skip
    session.flush()
    made = services.reissue_payout(session, payout_id, actor=second, at=at + timedelta(hours=2))
    later = at + timedelta(hours=4)
    session.flush()
    services.approve_payouts(session, made.period_id, actor=first, at=later)
    session.flush()
    services.export_payouts(session, made.period_id, actor=first, at=later)


def settle(world: World, at: datetime, start: date) -> None:
    """Note that the bank paid everything, and close the month."""
    period_id, second = world.periods[start], world.one_of(Role.FINANCE, 1)
    services.settle_all(world.session, period_id, actor=second, at=at)
    world.session.flush()
    period = world.session.get_one(CommissionPeriod, period_id)
    if period.state is PeriodState.PAID:
        services.close(world.session, period_id, actor=world.one_of(Role.FINANCE),
                       at=at + timedelta(hours=1))  # fmt: skip
