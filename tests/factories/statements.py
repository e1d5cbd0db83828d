"""Commission lines, periods, statements and who works on them."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor, Role
from app.incentives.models import Accrual, PlanVersion
from app.incentives.rules import AccrualKind
from app.partners.models import Partner
from app.partners.rules import BankAccount
from app.partners.services import set_payout_details
from app.revenue.models import LegalEntity
from app.statements import queries, services
from app.statements.models import CommissionPeriod, Statement
from tests.factories.clockwork import NOON, unique
from tests.factories.identity import make_actor
from tests.factories.incentives import make_plan
from tests.factories.partners import make_partner
from tests.factories.revenue import make_entity

MARCH = date(2026, 3, 1)
IBAN = "DE89370400440532013000"


def make_payee(session: Session, **over: Any) -> Partner:
    """Return an active partner whose account is known."""
    partner = make_partner(session, **over)
    account = BankAccount(partner.legal_name, IBAN, "COBADEFFXXX")
    set_payout_details(session, partner.id, account=account, actor=SYSTEM, at=NOON)
    return partner


def the_plan(session: Session) -> PlanVersion:
    """Return a published plan, made once."""
    found = session.scalars(select(PlanVersion).limit(1)).one_or_none()
    return found or make_plan(session)


def the_entity(session: Session) -> LegalEntity:
    """Return the vendor's company, made once."""
    found = session.scalars(select(LegalEntity).limit(1)).one_or_none()
    return found or make_entity(session, iban="DE02120300000000202051", bic="BYLADEM1001",
                                street="Hafenweg 7", city="Hamburg", postcode="20457",
                                tax_number="DE136695976")  # fmt: skip


def make_accrual(session: Session, partner: Partner, minor: int, **over: Any) -> Accrual:
    """Return a commission line of March, payable on the day it is earned."""
    version, number = the_plan(session), unique()
    on = over.get("period_start", MARCH).replace(day=10)
    kind = over.get("kind", AccrualKind.EARNED)
    values: dict[str, Any] = {
        "kind": kind,
        "partner_id": partner.id,
        "plan_version_id": version.id,
        "plan_code": version.document["code"],
        "component": "base",
        "title": "Commission",
        "event_key": f"order:{number}",
        "order_number": f"SO-2026-{number:06d}",
        "customer_name": "Brandt Logistik GmbH",
        "currency": "EUR",
        "base_minor": 10 * minor,
        "amount_minor": minor,
        "earned_on": on,
        "payable_on": on,
        "period_start": MARCH,
        "because": trace(minor, over.get("currency", "EUR"), number, version.document["code"]),
        "calculated_at": NOON,
    }
    accrual = Accrual(**{**values, **over})
    session.add(accrual)
    session.flush()
    return accrual


def trace(minor: int, currency: str, number: int, plan: str) -> dict[str, Any]:
    """Return the working of an adjustment of nothing to ``minor``."""
    return {
        "format": 1,
        "kind": "adjusted",
        "plan": {"code": plan, "version": 1, "title": "Partner plan", "currency": currency},
        "component": {"code": "base", "title": "Commission"},
        "corrects": {
            "event": f"order:{number}",
            "component": "base",
            "partner": "",
            "part": "main",
        },
        "was": -minor,
        "now": 0,
        "because": None,
        "result": {"minor": minor, "currency": currency},
    }


def calculator_and_approver(session: Session) -> tuple[Actor, Actor]:
    """Return two people of finance."""
    return make_actor(session, Role.FINANCE), make_actor(session, Role.FINANCE)


def make_period(session: Session, start: date = MARCH) -> CommissionPeriod:
    """Return an open period."""
    return services.open_period(session, start, actor=SYSTEM, at=NOON)


def issue(session: Session, period: CommissionPeriod) -> list[Statement]:
    """Approve a period over the lines that are there, and issue its statements."""
    the_entity(session)
    first, second = calculator_and_approver(session)
    period.calculated_by = first.user_id
    services.finish_calculation(session, period.id, at=NOON)
    services.send_to_review(session, period.id, actor=first, at=NOON)
    services.approve(session, period.id, actor=second, at=NOON)
    services.issue_now(session, period.id, at=NOON)
    return list(queries.statements_of(session, period.id))
