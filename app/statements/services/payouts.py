"""Pay what statements pay: propose, approve by a second person, settle, fail, issue again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.ledger.services import record
from app.statements import queries
from app.statements.models import CommissionPeriod, Payout, Statement
from app.statements.rules import PAYOUT, PERIOD, PayoutAct, PayoutState, PeriodAct, PeriodState
from app.statements.services.periods import PeriodBusy

LONGEST_FAILURE = 200


class PayoutsApprovedByProposer(Forbidden):
    """Whoever proposed a payout does not approve it."""

    code = "payout.approved_by_its_proposer"


class NothingToApprove(Conflict):
    """No payout of the period waits for approval."""

    code = "payout.nothing_to_approve"


class PeriodNotApproved(Conflict):
    """Payouts are made of the statements of an approved period."""

    code = "payout.period_not_approved"


class FailureNotExplained(Invalid):
    """A failed payout needs the bank's reason."""

    code = "payout.failure_not_explained"


def pay(session: Session, period_id: UUID, *, actor: Actor, at: datetime) -> Sequence[Payout]:
    """Propose a payout for every statement of an approved period that pays something, once each.

    Where there is nothing to pay, the period is paid at once.

    :raises PeriodNotApproved: if it is not approved
    :raises PeriodBusy: if its statements are still being issued
    """
    period = queries.period(session, period_id, lock=True)
    if period.job_id is not None:
        raise PeriodBusy("The statements of this period are still being issued.")
    if period.state is not PeriodState.APPROVED:
        raise PeriodNotApproved("Payouts are made of an approved period that is not paid yet.")
    statements = queries.statements_to_pay(session, period.id)
    made = [_propose(session, statement, actor=actor, at=at) for statement in statements]
    _finish(session, period, actor=actor, at=at)
    return made


def approve_payouts(
    session: Session, period_id: UUID, *, actor: Actor, at: datetime
) -> Sequence[Payout]:
    """Approve every pending payout of a period.

    :raises NotFound: if there is no such period
    :raises PayoutsApprovedByProposer: if the actor proposed one of them
    :raises NothingToApprove: if none is pending
    """
    period = queries.period(session, period_id)
    pending = queries.payouts_of(session, period.id, PayoutState.PENDING, lock=True)
    if not pending:
        raise NothingToApprove("No payout of this period waits for approval.")
    if any(payout.proposed_by == actor.user_id for payout in pending):
        said = "You proposed these payouts; a second person approves them."
        raise PayoutsApprovedByProposer(said)
    for payout in pending:
        payout.approved_by = actor.user_id
        move(session, payout, PayoutAct.APPROVE, actor=actor, at=at)
    return pending


def settle_payout(session: Session, payout_id: UUID, *, actor: Actor, at: datetime) -> Payout:
    """Note that the bank has carried out a payout; with the last one the period is paid.

    :raises TransitionRefused: if it is not exported
    """
    payout = _locked(session, payout_id)
    payout.settled_at = at
    move(session, payout, PayoutAct.SETTLE, actor=actor, at=at)
    session.flush()
    period = queries.period(session, payout.period_id, lock=True)
    _finish(session, period, actor=actor, at=at)
    return payout


def settle_all(
    session: Session, period_id: UUID, *, actor: Actor, at: datetime
) -> Sequence[Payout]:
    """Note that the bank has carried out every exported payout of a period."""
    exported = queries.payouts_of(session, period_id, PayoutState.EXPORTED, lock=True)
    for payout in exported:
        payout.settled_at = at
        move(session, payout, PayoutAct.SETTLE, actor=actor, at=at)
    session.flush()
    _finish(session, queries.period(session, period_id, lock=True), actor=actor, at=at)
    return exported


def fail_payout(
    session: Session, payout_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> Payout:
    """Note that the bank has sent a payout back, and why.

    :raises FailureNotExplained: if no reason is given
    :raises TransitionRefused: if it is not exported
    """
    if not reason.strip():
        message = "Say why the bank sent it back."
        wrong = FieldError("reason", message, FailureNotExplained.code)
        raise FailureNotExplained(message, errors=(wrong,))
    payout = _locked(session, payout_id)
    payout.failure = reason.strip()[:LONGEST_FAILURE]
    move(session, payout, PayoutAct.FAIL, actor=actor, at=at)
    return payout


def reissue_payout(session: Session, payout_id: UUID, *, actor: Actor, at: datetime) -> Payout:
    """Propose a failed payout again; it is approved and exported anew.

    :raises TransitionRefused: if it has not failed
    """
    payout = _locked(session, payout_id)
    payout.proposed_by, payout.approved_by = actor.user_id, None
    payout.export_id = payout.exported_at = None
    move(session, payout, PayoutAct.REISSUE, actor=actor, at=at)
    return payout


_NAMES = {
    PayoutAct.APPROVE: "statements.payout.approved",
    PayoutAct.EXPORT: "statements.payout.exported",
    PayoutAct.SETTLE: "statements.payout.paid",
    PayoutAct.FAIL: "statements.payout.failed",
    PayoutAct.REISSUE: "statements.payout.reissued",
}


def move(session: Session, payout: Payout, act: PayoutAct, *, actor: Actor, at: datetime) -> None:
    """Move a payout along its lifecycle and enter it in the ledger.

    :raises TransitionRefused: if its state does not allow ``act``
    """
    payout.state = PAYOUT.next(payout.state, act)
    _enter(session, payout, _NAMES[act], actor=actor, at=at)


def _locked(session: Session, payout_id: UUID) -> Payout:
    """Return a payout under lock, after its period, in the order in which all acts lock."""
    queries.period(session, queries.payout(session, payout_id).period_id, lock=True)
    return queries.payout(session, payout_id, lock=True)


def _propose(session: Session, statement: Statement, *, actor: Actor, at: datetime) -> Payout:
    payout = Payout(
        number=next_reference(session, "PO", at.year),
        statement_id=statement.id,
        period_id=statement.period_id,
        partner_id=statement.partner_id,
        state=PayoutState.PENDING,
        currency=statement.currency,
        amount_minor=statement.paid_minor,
        proposed_by=actor.user_id,
    )
    session.add(payout)
    session.flush()
    _enter(session, payout, "statements.payout.proposed", actor=actor, at=at)
    return payout


def _enter(session: Session, payout: Payout, name: str, *, actor: Actor, at: datetime) -> None:
    record(session, name, subject=payout, actor=actor, at=at, partner_id=payout.partner_id,
           number=payout.number, amount_minor=payout.amount_minor,
           currency=payout.currency)  # fmt: skip


def _finish(session: Session, period: CommissionPeriod, *, actor: Actor, at: datetime) -> None:
    """Mark a period paid once nothing of it is left to pay."""
    if period.state is not PeriodState.APPROVED or queries.unpaid_count(session, period.id):
        return
    period.state = PERIOD.next(period.state, PeriodAct.PAY)
    period.paid_at = at
    record(session, "statements.period.paid", subject=period, actor=actor, at=at)
