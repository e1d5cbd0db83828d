"""What a document says of a contract: price, obligations and how they are satisfied.

Amounts are exact numbers of the document's grain (``Fraction``, perhaps broken): they are rounded
where they are posted, not where they are read.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.revenue.recognition.span import Span


class Pattern(StrEnum):
    """How an obligation is satisfied; the methods of a span stand for ``over_time``."""

    POINT_IN_TIME = "point_in_time"
    OVER_TIME = "over_time"
    USAGE = "usage"
    OUTPUT = "output"
    COST_TO_COST = "cost_to_cost"
    COST_RECOVERY = "cost_recovery"
    MILESTONES = "milestones"
    PERCENT_COMPLETE = "percent_complete"
    AS_INVOICED = "as_invoiced"


class Role(StrEnum):
    """Whether the entity sells for itself or arranges for another to sell."""

    PRINCIPAL = "principal"
    AGENT = "agent"


class Basis(StrEnum):
    """How an uncertain amount is estimated."""

    EXPECTED_VALUE = "expected_value"
    MOST_LIKELY = "most_likely_amount"
    STATED = "stated"


class TiersApply(StrEnum):
    """Whether the price reached counts for every unit, or only for those beyond the edge."""

    RETROSPECTIVE = "retrospective"
    PROSPECTIVE = "prospective"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that may happen: what it is worth, and how likely it is."""

    amount: Fraction
    probability: Fraction


@dataclass(frozen=True, slots=True)
class Estimate:
    """An uncertain amount as it is seen on a day, and the constraint on it."""

    amount: Fraction | None = None
    outcomes: tuple[Outcome, ...] = ()
    basis: Basis = Basis.STATED
    included: bool = True
    cap: Fraction | None = None
    confidence: Fraction | None = None
    reversal_probability: Fraction | None = None
    reversal_threshold: Fraction = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Variable:
    """Consideration that depends on what happens: adds to the price, or reduces it."""

    id: str
    kind: str
    reduces: bool
    estimate: Estimate
    rate: Fraction | None = None
    obligations: tuple[str, ...] = ()
    refundable: bool = False
    royalty: bool = False
    toward_price: bool = False
    """Whether it counts toward the selling price of what it belongs to."""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Payable:
    """Consideration payable to the customer, less the fair value of what is distinct in return."""

    amount: Fraction
    promised_on: date | None
    fair_value: Fraction = Fraction(0)
    path: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """The transaction price: what is fixed, what varies, what is paid to the customer."""

    fixed: Fraction
    variables: tuple[Variable, ...] = ()
    payables: tuple[Payable, ...] = ()
    noncash: Fraction = Fraction(0)
    said: str = ""


@dataclass(frozen=True, slots=True)
class Discount:
    """A reduction that belongs to some obligations: an amount, or their price together."""

    obligations: tuple[str, ...]
    amount: Fraction | None = None
    price: Fraction | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step whose completion earns a share of an obligation."""

    id: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Returns:
    """A right of return: what is expected back, until when, and what it is worth then."""

    rate: Fraction | None = None
    quantity: Fraction | None = None
    unknown: bool = False
    until: date | None = None
    recovery_cost: Fraction = Fraction(0)
    restocking_fee: Fraction = Fraction(0)
    """What the entity keeps of the price of a unit that comes back."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A unit price from a quantity on."""

    start: Fraction
    unit_price: Fraction
    excluded: bool = False
    """Whether the quantity itself still has the price before (more than, not from)."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A promise to transfer something distinct, as the contract stands."""

    id: str
    path: str = ""
    description: str = ""
    ssp: Fraction | None = None
    ssp_said: str = ""
    ssp_range: tuple[Fraction, Fraction] | None = None
    residual: bool = False
    price: Fraction | None = None
    quantity: Fraction = Fraction(1)
    counted: bool = False
    """Whether the document gave a quantity."""
    unit_price: Fraction | None = None
    tiers: tuple[Tier, ...] = ()
    tiers_apply: TiersApply = TiersApply.RETROSPECTIVE
    expected_quantity: Fraction | None = None
    pattern: Pattern = Pattern.POINT_IN_TIME
    span: Span | None = None
    expected_on: date | None = None
    total: Fraction | None = None
    uninstalled: Fraction = Fraction(0)
    progress_unit: Fraction | None = None
    milestones: tuple[Milestone, ...] = ()
    returns: Returns | None = None
    unit_cost: Fraction | None = None
    role: Role = Role.PRINCIPAL
    kept: Fraction = Fraction(1)
    """The share of the price that is the entity's own revenue."""
    kept_said: str = ""
    recognised_before: Fraction = Fraction(0)
    remaining_counts: bool = True
    timing: str = ""
    assurance: bool = False
    """Whether it is a warranty that what was sold is as agreed: then it is no obligation."""

    @property
    def open_ended(self) -> bool:
        """Whether what is delivered makes the price, instead of a price that is allocated."""
        return self.unit_price is not None and not self.counted


@dataclass(frozen=True, slots=True)
class Compounding:
    """A nominal yearly rate and how often interest is added to what bears it."""

    rate: Fraction
    times: int
    actual_days: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount on a day."""

    on: date
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Financing:
    """A significant financing component: what is paid when, and at which rate."""

    compounding: Compounding | None
    payments: tuple[Flow, ...]
    transfer_on: date | None = None
    cash_price: Fraction | None = None
    times: int = 1
    expedient: bool = False
    path: str = "financing"


@dataclass(frozen=True, slots=True)
class Contract:
    """Who, when, and under which readings of the standard."""

    id: str = ""
    customer: str = ""
    inception: date | None = None
    criteria_met_on: date | None = None
    criteria_met: bool = True
    receivable_from: str = "invoice"
    recorded_on: date | None = None
