"""What a statement pays, and what stands in the way of the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.format import day, money
from app.kernel.money import Money

MINIMUM_PAYOUT = "25"
"""The least that is paid out, in major units of the statement's currency; less is carried on."""

HOLD, AWAITING_COLLECTION, BELOW_MINIMUM = "hold", "awaiting_collection", "below_minimum"
DISPUTE_OPEN, RISK_REVIEW = "dispute", "risk_review"
MISSING_PAYOUT_DETAILS, NEGATIVE_BALANCE = "missing_payout_details", "negative_balance"
NEXT_STATEMENT = "next_statement"
"""Gates, by the names that the incentive engine has for them; the last two are of balances only."""

OF_BALANCES = (NEGATIVE_BALANCE, RISK_REVIEW, MISSING_PAYOUT_DETAILS, BELOW_MINIMUM)
"""Gates that keep a whole balance from being paid; the first that stands is named."""

SAID_OF_LINE = {RISK_REVIEW: "It waits until the partner is active."}
"""What blocks a line, where the engine's words do not say why."""

SAID_OF_PAYOUT = {
    RISK_REVIEW: "It waits until the partner is active.",
    MISSING_PAYOUT_DETAILS: "It waits for payout details.",
    DISPUTE_OPEN: "It waits for the decision about a disputed line.",
}
"""Why a payout is not sent."""


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A sum that cannot be paid yet, until a day (None: not known), and the gate that blocks it."""

    until: date | None
    minor: int
    code: str = ""

    @property
    def gate(self) -> tuple[str, date | None]:
        """The gate and its day; where none is named, a hold or the customer's payment."""
        return self.code or (HOLD if self.until else AWAITING_COLLECTION), self.until


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
    stop = stop_of(payable, payee, currency)
    paid = payable if payable > 0 and stop is None else 0
    stops = [*_holds(waiting), *([stop] if stop is not None else [])]
    return Settlement(paid, sums.balance - paid, held, tuple(stops))


def stop_of(payable: int, payee: Payee, currency: str) -> Stop | None:
    """Return what keeps what is payable of a balance, in minor units, from being paid."""
    if payable == 0:
        return None
    said = money(Money(abs(payable), currency))
    if payable < 0:
        words = f"{said} more was taken back or is held than was earned; it is carried on."
        return Stop(NEGATIVE_BALANCE, payable, None, words)
    if not payee.is_active:
        words = f"{said} waits until the partner is active."
        return Stop(RISK_REVIEW, payable, None, words)
    if not payee.has_details:
        words = f"{said} waits for payout details."
        return Stop(MISSING_PAYOUT_DETAILS, payable, None, words)
    least = minimum_payout(currency)
    if payable < least:
        words = f"{said} is below the minimum payout of {money(Money(least, currency))}."
        return Stop(BELOW_MINIMUM, payable, None, words)
    return None


def _holds(waiting: Iterable[Unpaid]) -> list[Stop]:
    sums: dict[tuple[str, date | None], int] = {}
    for each in waiting:
        sums[each.gate] = sums.get(each.gate, 0) + each.minor
    gates = sorted(sums, key=lambda gate: (gate[1] is None, gate[1] or date.max, gate[0]))
    return [_hold(*gate, sums[gate]) for gate in gates if sums[gate]]


def _hold(code: str, until: date | None, minor: int) -> Stop:
    when = "" if until is None else f" until {day(until)}"
    words = f"It is on hold{when}." if code == HOLD else f"{_WAITS[code]}."
    return Stop(code, minor, until, words)


_WAITS = {
    AWAITING_COLLECTION: "It waits until the customers have paid in full",
    BELOW_MINIMUM: "It waits until the minimum of its plan is reached",
    DISPUTE_OPEN: "It is in dispute, and waits for the decision",
}
