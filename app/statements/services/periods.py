"""A commission period: open, calculate, review, approve by a second person, close."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.incentives import queries as incentives
from app.incentives.services import calculate_partner
from app.jobs.services import enqueue
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.kernel.period import month_of
from app.ledger.services import record
from app.statements import queries
from app.statements.models import CommissionPeriod
from app.statements.rules import PERIOD, PeriodAct, PeriodState

CALCULATE_JOB = "statements.calculate"
ISSUE_JOB = "statements.issue"
_ISSUED = (PeriodState.APPROVED, PeriodState.PAID, PeriodState.CLOSED)


class PeriodNotNext(Invalid):
    """Periods follow each other without a gap."""

    code = "period.not_next"


class PeriodBusy(Conflict):
    """A calculation or an issue of statements is running."""

    code = "period.busy"


class PeriodBeforeNotIssued(Conflict):
    """The statements of the month before are not issued, so nothing is known to carry on."""

    code = "period.before_not_issued"


class ApprovedByItsCalculator(Forbidden):
    """Whoever calculated a period does not approve it."""

    code = "period.approved_by_its_calculator"


class ReasonMissing(Invalid):
    """The act needs a written reason."""

    code = "period.reason_missing"


def open_period(session: Session, start: date, *, actor: Actor, at: datetime) -> CommissionPeriod:
    """Open the month that begins on ``start``; it follows the latest one.

    :raises PeriodNotNext: if it is not the first of a month, or not the next month
    """
    days, last = month_of(start), queries.last_period(session)
    if start != days.start or (last is not None and last.until != start):
        wanted = days.start if last is None else last.until
        raise PeriodNotNext(f"The next period begins on {wanted.isoformat()}.")
    period = CommissionPeriod(start=days.start, until=days.until, state=PeriodState.OPEN)
    session.add(period)
    session.flush()
    record(session, "statements.period.opened", subject=period, actor=actor, at=at,
           start=period.start, until=period.until)  # fmt: skip
    return period


def calculate(session: Session, period_id: UUID, *, actor: Actor, at: datetime) -> CommissionPeriod:
    """Have every partner's commission of a period worked out, in a job with progress.

    :raises TransitionRefused: if it is in review or later
    :raises PeriodBusy: if it is being calculated
    """
    period = _idle(session, period_id)
    PERIOD.next(period.state, PeriodAct.CALCULATE)
    period.calculated_by = actor.user_id
    key = f"{period.id}:{at.isoformat()}"
    period.job_id = enqueue(session, CALCULATE_JOB, key=key, period_id=period.id)
    return period


def calculate_now(
    session: Session, period_id: UUID, *, actor: Actor, at: datetime
) -> CommissionPeriod:
    """Work out every partner's commission of a period here, in this transaction.

    :raises TransitionRefused: if it is in review or later
    :raises PeriodBusy: if it is being calculated
    """
    period = _idle(session, period_id)
    PERIOD.next(period.state, PeriodAct.CALCULATE)
    period.calculated_by = actor.user_id
    for partner_id in incentives.partners_to_calculate(session):
        calculate_one(session, period.id, partner_id, at=at)
    return finish_calculation(session, period.id, at=at)


def calculate_one(session: Session, period_id: UUID, partner_id: UUID, *, at: datetime) -> None:
    """Work out one partner's commission of a period."""
    period = queries.period(session, period_id)
    calculate_partner(session, partner_id, queries.days(period), actor=SYSTEM, at=at)


def finish_calculation(session: Session, period_id: UUID, *, at: datetime) -> CommissionPeriod:
    """Mark a period calculated; its totals go into the ledger."""
    period = queries.period(session, period_id, lock=True)
    period.state = PERIOD.next(period.state, PeriodAct.CALCULATE)
    period.calculated_at, period.job_id = at, None
    session.flush()
    record(session, "statements.period.calculated", subject=period, actor=_By(period.calculated_by),
           at=at, start=period.start, totals=_totals(session, period))  # fmt: skip
    return period


def give_up_calculation(session: Session, period_id: UUID) -> None:
    """Let a period be calculated again after its job was parked."""
    queries.period(session, period_id, lock=True).job_id = None


def send_to_review(
    session: Session, period_id: UUID, *, actor: Actor, at: datetime, note: str = ""
) -> CommissionPeriod:
    """Put a calculated period before a second person.

    :raises TransitionRefused: if it is not calculated
    :raises PeriodBusy: if it is being calculated
    """
    period = _idle(session, period_id)
    period.state = PERIOD.next(period.state, PeriodAct.SEND_TO_REVIEW)
    period.reviewed_at, period.note = at, note.strip()
    record(session, "statements.period.reviewed", subject=period, actor=actor, at=at,
           totals=_totals(session, period))  # fmt: skip
    return period


def send_back(
    session: Session, period_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> CommissionPeriod:
    """Send a period in review back to be calculated again.

    :raises ReasonMissing: if no reason is given
    :raises TransitionRefused: if it is not in review
    """
    if not reason.strip():
        message = "Say what has to be put right."
        raise ReasonMissing(message, errors=(FieldError("reason", message, ReasonMissing.code),))
    period = _idle(session, period_id)
    period.state = PERIOD.next(period.state, PeriodAct.SEND_BACK)
    period.reviewed_at, period.note = None, reason.strip()
    record(session, "statements.period.returned", subject=period, actor=actor, at=at)
    return period


def approve(session: Session, period_id: UUID, *, actor: Actor, at: datetime) -> CommissionPeriod:
    """Approve a period in review and have its statements issued, in a job with progress.

    :raises TransitionRefused: if it is not in review
    :raises ApprovedByItsCalculator: if the actor calculated it
    :raises PeriodBeforeNotIssued: if the month before is not issued yet
    """
    period = _idle(session, period_id)
    after = PERIOD.next(period.state, PeriodAct.APPROVE)
    if period.calculated_by == actor.user_id:
        raise ApprovedByItsCalculator("You calculated this period; a second person approves it.")
    before = queries.period_before(session, period)
    if before is not None and (before.state not in _ISSUED or before.job_id is not None):
        raise PeriodBeforeNotIssued("Issue the statements of the month before first.")
    period.state, period.approved_at, period.approved_by = after, at, actor.user_id
    record(session, "statements.period.approved", subject=period, actor=actor, at=at,
           totals=_totals(session, period))  # fmt: skip
    period.job_id = enqueue(session, ISSUE_JOB, key=str(period.id), period_id=period.id)
    return period


def close(session: Session, period_id: UUID, *, actor: Actor, at: datetime) -> CommissionPeriod:
    """Close a period whose payouts are all settled.

    :raises TransitionRefused: if it is not paid
    """
    period = _idle(session, period_id)
    period.state = PERIOD.next(period.state, PeriodAct.CLOSE)
    period.closed_at = at
    record(session, "statements.period.closed", subject=period, actor=actor, at=at)
    return period


class _By:
    """Whoever asked for a calculation that a job has finished."""

    partner_id = None

    def __init__(self, user_id: UUID | None) -> None:
        self.user_id = user_id


def _idle(session: Session, period_id: UUID) -> CommissionPeriod:
    period = queries.period(session, period_id, lock=True)
    if period.job_id is not None:
        raise PeriodBusy("This period is being worked on. Wait until that is done.")
    return period


def _totals(session: Session, period: CommissionPeriod) -> dict[str, Any]:
    rows = queries.sums_of(session, period.start)
    return {row.currency: {"minor": int(row.total), "lines": row.lines} for row in rows}
