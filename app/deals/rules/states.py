"""States of a registration, what leads from one to another, and the words people choose from."""

from enum import StrEnum

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
    """What is done to a registration; ``LIFECYCLE`` says which of it changes the status."""

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
    OFFER = "offer"
    LINK = "link"


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


WAITING = frozenset({DealState.SUBMITTED, DealState.IN_REVIEW, DealState.ACTION_REQUIRED})
"""States in which a registration waits for a decision and has its place in the queue."""
