"""What waits for somebody: a short list with clocks, made of every feature's open ends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access.rules import Actor, Permission
from app.deals.models import Extension, Registration
from app.deals.rules import DealState, ExtensionState
from app.incentives.models import Plan, PlanVersion
from app.incentives.rules import PlanState
from app.jobs.models import JobRun
from app.jobs.rules import JobState
from app.kernel.format import label, month
from app.partners.models import Partner
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import OPEN_STAGES, ParticipantState, Stage
from app.revenue.models import Order
from app.statements.models import CommissionPeriod, Dispute
from app.statements.rules import DisputeState, PeriodState

MOST = 8
"""Things of one kind that the home page names."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do next: where, by when, and why it waits."""

    title: str
    url: str
    note: str = ""
    due_at: datetime | None = None
    icon: str = "flag"


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
Source = Callable[[Session, Actor], Iterable[Task]]


def tasks(session: Session, actor: Actor) -> list[Task]:
    """Return what waits for ``actor``: what has a clock first, the soonest first."""
    side = VENDOR if actor.is_vendor else PARTNER
    found = [
        task
        for permission, source in side
        if actor.may(permission)
        for task in source(session, actor)
    ]
    return sorted(found, key=lambda task: task.due_at or _NEVER)


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return session.execute(statement.limit(MOST)).all()


def _to_review(session: Session, actor: Actor) -> Iterable[Task]:
    deal = Registration
    waiting = (
        select(deal.id, deal.number, deal.customer_name, deal.answer_due_at, Partner.name)
        .join(Partner, Partner.id == deal.partner_id)
        .where(deal.state.in_([DealState.SUBMITTED, DealState.IN_REVIEW]))
        .where(or_(deal.reviewer_id == actor.user_id, deal.reviewer_id.is_(None)))
        .order_by(deal.answer_due_at)
    )
    for row in _rows(session, waiting):
        yield Task(
            f"Decide on {row.number}: {row.customer_name}",
            url_for("deals.show", deal_id=row.id),
            f"Registered by {row.name}",
            row.answer_due_at,
            "inbox",
        )


def _extensions(session: Session, actor: Actor) -> Iterable[Task]:
    wanted = (
        select(Registration.id, Registration.number, Extension.days, Extension.asked_at)
        .join(Registration, Registration.id == Extension.registration_id)
        .where(Extension.state == ExtensionState.REQUESTED)
        .where(or_(Registration.reviewer_id == actor.user_id, Registration.reviewer_id.is_(None)))
        .order_by(Extension.asked_at)
    )
    for row in _rows(session, wanted):
        url = url_for("deals.show", deal_id=row.id)
        yield Task(f"Answer the extension of {row.number}", url, f"{row.days} days asked for")


def _to_book(session: Session, _actor: Actor) -> Iterable[Task]:
    won = (
        select(Opportunity.id, Opportunity.number, Opportunity.customer_name)
        .outerjoin(Order, Order.opportunity_id == Opportunity.id)
        .where(Opportunity.stage == Stage.LAUNCHED, Order.id.is_(None))
        .order_by(Opportunity.closed_at)
    )
    for row in _rows(session, won):
        url = url_for("pipeline.show", opportunity_id=row.id)
        yield Task(f"Book the order of {row.number}", url, row.customer_name, icon="receipt")


_NEXT = {
    PeriodState.OPEN: "Calculate",
    PeriodState.CALCULATED: "Send to review",
    PeriodState.IN_REVIEW: "Approve",
    PeriodState.APPROVED: "Pay",
    PeriodState.PAID: "Close",
}


def _periods(session: Session, _actor: Actor) -> Iterable[Task]:
    period = CommissionPeriod
    open_ends = (
        select(period.id, period.start, period.state)
        .where(period.state != PeriodState.CLOSED)
        .order_by(period.start)
    )
    for row in _rows(session, open_ends):
        url = url_for("statements.period", period_id=row.id)
        yield Task(f"{_NEXT[row.state]} {month(row.start)}", url, label(row.state), icon="calendar")


def _disputes(session: Session, _actor: Actor) -> Iterable[Task]:
    waiting = (
        select(Dispute.id, Dispute.number, Dispute.answer_due_at, Partner.name)
        .join(Partner, Partner.id == Dispute.partner_id)
        .where(Dispute.state.in_([DisputeState.SUBMITTED, DisputeState.IN_REVIEW]))
        .order_by(Dispute.answer_due_at)
    )
    for row in _rows(session, waiting):
        url = url_for("statements.dispute", dispute_id=row.id)
        yield Task(
            f"Answer dispute {row.number}", url, row.name, row.answer_due_at, "alert-triangle"
        )


def _plans(session: Session, actor: Actor) -> Iterable[Task]:
    drafts = (
        select(PlanVersion.id, PlanVersion.number, Plan.name)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(PlanVersion.state == PlanState.DRAFT)
        .where(or_(PlanVersion.drafted_by != actor.user_id, PlanVersion.drafted_by.is_(None)))
    )
    for row in _rows(session, drafts):
        url = url_for("incentives.show", version_id=row.id)
        yield Task(f"Look at the draft of {row.name}", url, f"Version {row.number}", icon="scale")


def _parked(session: Session, _actor: Actor) -> Iterable[Task]:
    dead = select(JobRun.name, JobRun.error).where(JobRun.state == JobState.DEAD)
    for row in _rows(session, dead):
        url = url_for("machine.jobs", state="dead")
        yield Task(f"Look at the parked job {row.name}", url, (row.error or "")[:120])


def _asked_back(session: Session, actor: Actor) -> Iterable[Task]:
    deal = Registration
    mine = (
        select(deal.id, deal.title, deal.state, deal.reason, deal.number)
        .where(deal.partner_id.in_(actor.partner_ids))
        .where(deal.state.in_([DealState.ACTION_REQUIRED, DealState.DRAFT]))
        .order_by(deal.state, deal.created_at.desc())
    )
    for row in _rows(session, mine):
        if row.state is DealState.DRAFT:
            url = url_for("deals.edit", deal_id=row.id)
            yield Task(f"Finish your draft: {row.title}", url, "Not submitted yet", icon="pencil")
        else:
            url = url_for("deals.show", deal_id=row.id)
            yield Task(f"Answer the question on {row.number}", url, row.reason, icon="mail")


def _invited(session: Session, actor: Actor) -> Iterable[Task]:
    invited = (
        select(Participant.opportunity_id, Participant.role, Opportunity.number)
        .join(Opportunity, Opportunity.id == Participant.opportunity_id)
        .where(Participant.partner_id.in_(actor.partner_ids))
        .where(Participant.state == ParticipantState.INVITED, Opportunity.stage.in_(OPEN_STAGES))
        .order_by(Participant.invited_at)
    )
    for row in _rows(session, invited):
        url = url_for("pipeline.show", opportunity_id=row.opportunity_id)
        yield Task("Answer an invitation to sell together", url, f"{row.number}, {label(row.role)}")


def _ending(session: Session, actor: Actor) -> Iterable[Task]:
    deal = Registration
    ending = (
        select(deal.id, deal.number, deal.customer_name, deal.protected_until)
        .where(deal.partner_id.in_(actor.partner_ids), deal.state == DealState.APPROVED)
        .where(deal.protected_until.isnot(None))
        .order_by(deal.protected_until)
    )
    for row in _rows(session, ending):
        yield Task(
            f"Win {row.customer_name} while it is yours",
            url_for("deals.show", deal_id=row.id),
            f"Protection of {row.number} ends",
            row.protected_until,
            "shield-check",
        )


def _answers(session: Session, actor: Actor) -> Iterable[Task]:
    asked = (
        select(Dispute.id, Dispute.number)
        .where(Dispute.partner_id.in_(actor.partner_ids))
        .where(Dispute.state == DisputeState.MORE_INFORMATION)
    )
    for row in _rows(session, asked):
        url = url_for("statements.dispute", dispute_id=row.id)
        yield Task(f"Say more about dispute {row.number}", url, "Finance asked a question")


VENDOR: tuple[tuple[Permission, Source], ...] = (
    (Permission.DEAL_REVIEW, _to_review),
    (Permission.DEAL_REVIEW, _extensions),
    (Permission.ORDER_EDIT, _to_book),
    (Permission.RUN_CALCULATE, _periods),
    (Permission.DISPUTE_DECIDE, _disputes),
    (Permission.PLAN_EDIT, _plans),
    (Permission.JOB_VIEW, _parked),
)
PARTNER: tuple[tuple[Permission, Source], ...] = (
    (Permission.DEAL_REGISTER, _asked_back),
    (Permission.PIPELINE_JOIN, _invited),
    (Permission.DISPUTE_RAISE, _answers),
    (Permission.DEAL_REGISTER, _ending),
)
