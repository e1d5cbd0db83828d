"""Commission periods, payouts and disputes: states, arrows, and how long things take."""

from enum import StrEnum

from app.kernel.transitions import Machine


class PeriodState(StrEnum):
    """Where a commission period stands."""

    OPEN = "open"
    CALCULATED = "calculated"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PAID = "paid"
    CLOSED = "closed"


class PeriodAct(StrEnum):
    """What moves a commission period on."""

    CALCULATE = "calculate"
    SEND_TO_REVIEW = "send_to_review"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    PAY = "pay"
    CLOSE = "close"


PERIOD = Machine(
    "commission period",
    {
        (PeriodState.OPEN, PeriodAct.CALCULATE): PeriodState.CALCULATED,
        (PeriodState.CALCULATED, PeriodAct.CALCULATE): PeriodState.CALCULATED,
        (PeriodState.CALCULATED, PeriodAct.SEND_TO_REVIEW): PeriodState.IN_REVIEW,
        (PeriodState.IN_REVIEW, PeriodAct.SEND_BACK): PeriodState.CALCULATED,
        (PeriodState.IN_REVIEW, PeriodAct.APPROVE): PeriodState.APPROVED,
        (PeriodState.APPROVED, PeriodAct.PAY): PeriodState.PAID,
        (PeriodState.PAID, PeriodAct.CLOSE): PeriodState.CLOSED,
    },
)


class PayoutState(StrEnum):
    """Where the payment of a statement stands."""

    PENDING = "pending"
    APPROVED = "approved"
    EXPORTED = "exported"
    PAID = "paid"
    FAILED = "failed"


class PayoutAct(StrEnum):
    """What moves a payout on."""

    APPROVE = "approve"
    EXPORT = "export"
    SETTLE = "settle"
    FAIL = "fail"
    REISSUE = "reissue"


PAYOUT = Machine(
    "payout",
    {
        (PayoutState.PENDING, PayoutAct.APPROVE): PayoutState.APPROVED,
        (PayoutState.APPROVED, PayoutAct.EXPORT): PayoutState.EXPORTED,
        (PayoutState.EXPORTED, PayoutAct.SETTLE): PayoutState.PAID,
        (PayoutState.EXPORTED, PayoutAct.FAIL): PayoutState.FAILED,
        (PayoutState.FAILED, PayoutAct.REISSUE): PayoutState.PENDING,
    },
)


class DisputeState(StrEnum):
    """Where a dispute about a statement line stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    MORE_INFORMATION = "more_information"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLOSED = "closed"


class DisputeAct(StrEnum):
    """What moves a dispute on."""

    TAKE_UP = "take_up"
    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    CLOSE = "close"


DISPUTE = Machine(
    "dispute",
    {
        (DisputeState.SUBMITTED, DisputeAct.TAKE_UP): DisputeState.IN_REVIEW,
        (DisputeState.IN_REVIEW, DisputeAct.ASK): DisputeState.MORE_INFORMATION,
        (DisputeState.MORE_INFORMATION, DisputeAct.ANSWER): DisputeState.IN_REVIEW,
        (DisputeState.IN_REVIEW, DisputeAct.ACCEPT): DisputeState.ACCEPTED,
        (DisputeState.IN_REVIEW, DisputeAct.DECLINE): DisputeState.DECLINED,
        (DisputeState.ACCEPTED, DisputeAct.CLOSE): DisputeState.CLOSED,
        (DisputeState.DECLINED, DisputeAct.CLOSE): DisputeState.CLOSED,
    },
)

DISPUTE_DAYS = 15
"""For how many days after its issue the lines of a statement can be disputed."""

ANSWER_DAYS = 10
"""Within how many days a dispute is to be decided."""

OPEN_DISPUTES = (DisputeState.SUBMITTED, DisputeState.IN_REVIEW, DisputeState.MORE_INFORMATION)
