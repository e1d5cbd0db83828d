"""Long runs over partners, and the letters that follow them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.incentives import queries as incentives
from app.jobs.registry import job, steps
from app.kernel.money import Money
from app.mail.services import post
from app.statements import queries, services
from app.statements.services.disputes import DISPUTE_JOB
from app.statements.services.issue import TELL_JOB
from app.statements.services.periods import CALCULATE_JOB, ISSUE_JOB


def _partners(session: Session, **_: Any) -> list[str]:
    return [str(partner_id) for partner_id in incentives.partners_to_calculate(session)]


def _calculated(session: Session, *, at: datetime, period_id: str) -> None:
    services.finish_calculation(session, UUID(period_id), at=at)


def _calculation_failed(session: Session, *, parked: bool, period_id: str, **_: Any) -> None:
    if parked:
        services.give_up_calculation(session, UUID(period_id))


@steps(CALCULATE_JOB, plan=_partners, finish=_calculated, on_failure=_calculation_failed)
def calculate(session: Session, key: str, *, at: datetime, period_id: str) -> None:
    """Work out the commission of one partner."""
    services.calculate_one(session, UUID(period_id), UUID(key), at=at)


def _accounts(session: Session, *, period_id: str, **_: Any) -> list[str]:
    period = queries.period(session, UUID(period_id))
    pairs = queries.to_issue(session, period.start)
    return [f"{partner_id}:{currency}" for partner_id, currency in pairs]


def _issued(session: Session, *, period_id: str, **_: Any) -> None:
    services.finish_issue(session, UUID(period_id))


@steps(ISSUE_JOB, plan=_accounts, finish=_issued)
def issue(session: Session, key: str, *, at: datetime, period_id: str) -> None:
    """Issue the statement of one partner and currency."""
    partner_id, _, currency = key.partition(":")
    services.issue_one(session, UUID(period_id), (UUID(partner_id), currency), at=at)


@job(TELL_JOB)
def tell(session: Session, *, at: datetime, statement_id: str) -> None:
    """Tell a partner's admins that a statement is there."""
    statement = queries.statement(session, UUID(statement_id), actor=SYSTEM)
    for person in queries.partner_admins(session, statement.partner_id):
        post(
            session,
            to=person.email,
            template="statements/mail/issued",
            at=at,
            partner_id=statement.partner_id,
            name=person.name,
            statement=statement,
            paid=Money(statement.paid_minor, statement.currency),
            balance=Money(statement.closing_minor, statement.currency),
            path=f"/statements/{statement.id}",
            locale=person.locale,
            zone=person.zone,
        )


@job(DISPUTE_JOB)
def tell_of_dispute(session: Session, *, at: datetime, dispute_id: str, letter: str) -> None:
    """Tell the other side how a dispute stands."""
    dispute = queries.dispute(session, UUID(dispute_id), actor=SYSTEM)
    to_vendor = letter in {"raised", "answered"}
    people = (
        queries.finance_people(session)
        if to_vendor
        else queries.partner_admins(session, dispute.partner_id)
    )
    for person in people:
        post(
            session,
            to=person.email,
            template=f"statements/mail/dispute_{letter}",
            at=at,
            partner_id=None if to_vendor else dispute.partner_id,
            name=person.name,
            dispute=dispute,
            company=dispute.partner.name,
            path=f"/disputes/{dispute.id}",
        )
