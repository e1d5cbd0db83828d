"""Commission periods, statements, payouts and disputes: states, arrows and arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.format import day, money
from app.kernel.money import Money
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

MINIMUM_PAYOUT = "25"
"""The least that is paid out, in major units of the statement's currency; less is carried on."""

OPEN_DISPUTES = (DisputeState.SUBMITTED, DisputeState.IN_REVIEW, DisputeState.MORE_INFORMATION)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A sum that cannot be paid yet: until a day, or while its collection is awaited (None)."""

    payable_on: date | None
    minor: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What goes into a statement, in minor units; ``clawbacks`` is positive."""

    opening: int = 0
    earned: int = 0
    adjustments: int = 0
    clawbacks: int = 0

    @property
    def balance(self) -> int:
        """The balance before anything is paid."""
        return closing(self.opening, self.earned, self.adjustments, self.clawbacks, 0)


@dataclass(frozen=True, slots=True)
class Payee:
    """Whether a partner can be paid at all."""

    is_active: bool = True
    has_details: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an amount is not paid now: a stable code, the amount, the earliest day if known."""

    code: str
    minor: int
    until: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a statement pays, what it carries on, and what stands in the way."""

    paid: int
    closing: int
    held: int
    stops: tuple[Stop, ...]


def closing(opening: int, earned: int, adjustments: int, clawbacks: int, paid: int) -> int:
    """Return the closing balance in minor units; clawbacks and payments are given as positive."""
    return opening + earned + adjustments - clawbacks - paid


def minimum_payout(currency: str) -> int:
    """Return the least that is paid out, in minor units of ``currency``."""
    return Money.of(MINIMUM_PAYOUT, currency).minor


def settle(sums: Sums, unpaid: Iterable[Unpaid], payee: Payee, currency: str) -> Settlement:
    """Return what is paid of a balance: all that is not held, unless something stands in the way.

    Held sums are netted; what takes back a held line is held beside it.
    """
    waiting = [each for each in unpaid if each.minor]
    held = max(0, sum(each.minor for each in waiting))
    payable = sums.balance - held
    stop = _stop(payable, payee, currency)
    paid = payable if payable > 0 and stop is None else 0
    stops = [*_holds(waiting), *([stop] if stop is not None else [])]
    return Settlement(paid, sums.balance - paid, held, tuple(stops))


def _stop(payable: int, payee: Payee, currency: str) -> Stop | None:
    if payable == 0:
        return None
    said = money(Money(abs(payable), currency))
    if payable < 0:
        words = f"{said} more was taken back or is held than was earned; it is carried on."
        return Stop("negative_balance", payable, None, words)
    if not payee.is_active:
        words = f"{said} waits until the partner is active."
        return Stop("partner_not_active", payable, None, words)
    if not payee.has_details:
        words = f"{said} waits for payout details."
        return Stop("payout_details_missing", payable, None, words)
    least = minimum_payout(currency)
    if payable < least:
        words = f"{said} is below the minimum payout of {money(Money(least, currency))}."
        return Stop("below_minimum", payable, None, words)
    return None


def _holds(waiting: Iterable[Unpaid]) -> list[Stop]:
    sums: dict[date | None, int] = {}
    for each in waiting:
        sums[each.payable_on] = sums.get(each.payable_on, 0) + each.minor
    days = sorted(sums, key=lambda on: (on is None, on or date.max))
    return [_hold(on, sums[on]) for on in days if sums[on]]


def _hold(on: date | None, minor: int) -> Stop:
    if on is None:
        words = "It waits until the customers have paid in full."
        return Stop("awaiting_collection", minor, None, words)
    return Stop("hold", minor, on, f"It is on hold until {day(on)}.")
