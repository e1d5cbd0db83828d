"""Registrations: states, arrows, what each state lets a partner edit, protection and clocks."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kernel.clock import Calendar, after_business_hours
from app.kernel.period import Period
from app.kernel.transitions import Machine


class DealState(StrEnum):
    """The review status of a registration; the sales stage lives on the opportunity."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACTION_REQUIRED = "action_required"
    APPROVED = "approved"
    REJECTED = "rejected"
    CONVERTED = "converted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DealAct(StrEnum):
    """What changes the status of a registration."""

    SUBMIT = "submit"
    TAKE_UP = "take_up"
    SEND_BACK = "send_back"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    REJECT = "reject"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    CONVERT = "convert"
    EXPIRE = "expire"


LIFECYCLE = Machine(
    "registration",
    {
        (DealState.DRAFT, DealAct.SUBMIT): DealState.SUBMITTED,
        (DealState.SUBMITTED, DealAct.TAKE_UP): DealState.IN_REVIEW,
        (DealState.SUBMITTED, DealAct.WITHDRAW): DealState.WITHDRAWN,
        (DealState.IN_REVIEW, DealAct.SEND_BACK): DealState.ACTION_REQUIRED,
        (DealState.IN_REVIEW, DealAct.APPROVE): DealState.APPROVED,
        (DealState.IN_REVIEW, DealAct.REJECT): DealState.REJECTED,
        (DealState.IN_REVIEW, DealAct.WITHDRAW): DealState.WITHDRAWN,
        (DealState.ACTION_REQUIRED, DealAct.RESUBMIT): DealState.SUBMITTED,
        (DealState.ACTION_REQUIRED, DealAct.WITHDRAW): DealState.WITHDRAWN,
        (DealState.APPROVED, DealAct.CONVERT): DealState.CONVERTED,
        (DealState.APPROVED, DealAct.EXPIRE): DealState.EXPIRED,
        (DealState.APPROVED, DealAct.WITHDRAW): DealState.WITHDRAWN,
        (DealState.REJECTED, DealAct.APPEAL): DealState.IN_REVIEW,
    },
)

LIVE = frozenset(
    {DealState.SUBMITTED, DealState.IN_REVIEW, DealState.ACTION_REQUIRED, DealState.APPROVED}
)
"""States in which a registration claims its customer or waits to."""


class DealType(StrEnum):
    """What the customer would buy, seen from what it has."""

    NEW_BUSINESS = "new_business"
    EXPANSION = "expansion"
    RENEWAL = "renewal"


class ClosingCode(StrEnum):
    """Why a registration was rejected."""

    DUPLICATE = "duplicate"
    INCUMBENT_PARTNER = "incumbent_partner"
    EXISTING_OPPORTUNITY = "existing_opportunity"
    NAMED_ACCOUNT = "named_account"
    OUTSIDE_TERRITORY = "outside_territory"
    NOT_QUALIFIED = "not_qualified"
    INCOMPLETE = "incomplete"
    OTHER = "other"


class ConsentBasis(StrEnum):
    """On what ground the partner passes on the contact's details."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGITIMATE_INTEREST = "legitimate_interest"


class DealSource(StrEnum):
    """Where the deal came from."""

    PARTNER_PROSPECTING = "partner_prospecting"
    CUSTOMER_REQUEST = "customer_request"
    EVENT = "event"
    VENDOR_LEAD = "vendor_lead"
    TENDER = "tender"


class DeliveryModel(StrEnum):
    """How the customer would get it."""

    RESALE = "resale"
    REFERRAL = "referral"
    MANAGED_SERVICE = "managed_service"


class Help(StrEnum):
    """What a partner may ask of the vendor on a deal."""

    ARCHITECTURE = "architecture"
    PRESENTATION = "presentation"
    PRICING = "pricing"
    TECHNICAL = "technical"
    TENDER_SUPPORT = "tender_support"
    DEAL_SUPPORT = "deal_support"


class ExtensionState(StrEnum):
    """Where a request for longer protection stands."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


def protection(approved_at: datetime, days: int) -> Period:
    """Return the half-open window in which no other partner may claim the customer."""
    return Period(approved_at, approved_at + timedelta(days=days))


def answer_due(submitted_at: datetime, hours: int, calendar: Calendar) -> datetime:
    """Return when a decision is due: ``hours`` business hours of the reviewer after submission."""
    return after_business_hours(submitted_at, hours, calendar)


def is_late_claim(created_at: datetime, won_at: datetime) -> bool:
    """Return whether a registration was made less than 72 hours before the win."""
    return won_at - created_at < timedelta(hours=72)


def is_past(expected_close_on: date, today: date) -> bool:
    """Return whether the expected close date has gone by."""
    return expected_close_on < today
